"""One bill, or several beside each other, in the form that was asked for."""

from collections.abc import Sequence
from datetime import date

from rich.console import Console

from ops.cost.bill import Bill
from ops.cost.markdown import beside, markdown
from ops.cost.screen import show, show_beside
from ops.shown.document import to_json


def shown(bills: Sequence[Bill], form: str, today: date, console: Console) -> None:
    """Prints it. Machines get one document, or a list of them."""
    first, *others = bills
    match form:
        case "json":
            documents = [bill.document() for bill in bills]
            text = to_json(documents if others else documents[0])
        case "markdown":
            text = beside(bills) if others else markdown(first, today)
        case _:
            return show_beside(bills, console) if others else show(first, today, console)
    console.out(text, highlight=False, end="")
    return None
