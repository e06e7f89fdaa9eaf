"""Documents as YAML: canonical, and so that a diff shows just the line that changed."""

import yaml


class _Dumper(yaml.CSafeDumper):
    """Texts of several lines as they are, and nothing by reference."""

    def ignore_aliases(self, data: object) -> bool:
        """An anchor would tie lines together that only look alike."""
        del data
        return True


def _represent_text(dumper: yaml.CSafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)  # pyright: ignore[reportUnknownMemberType] its stub is untyped


_Dumper.add_representer(str, _represent_text)


def to_yaml(document: object) -> str:
    """YAML in the order of the document's keys, never folded."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1_000_000)
