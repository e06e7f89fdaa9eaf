"""What Kibana's import takes of a saved object, as a strict model: no package publishes Kibana's own.

After the schemas in Kibana's source that it checks an import against: of searches, model version 5
(src/platform/plugins/shared/saved_search/server/saved_objects/schema_legacy.ts); of dashboards, model version 2
(src/platform/plugins/shared/dashboard/server/dashboard_saved_object/schema/v1 and v2), which forbids unknown keys
too; of data views, the attributes in src/platform/plugins/shared/data_views/server/saved_objects/data_views.ts. What is
within the texts of JSON that an object holds is as Kibana reads them. Not modelled: what its migrations make of an
object afterwards, and whether a page then shows it.
"""

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Json, TypeAdapter


class Strict(BaseModel):
    """No key but those that are named, and no value that only looks like the right kind."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Reference(Strict):
    id: str
    name: str
    type: Literal["index-pattern", "search"]


class Question(Strict):
    query: str
    language: Literal["kuery", "lucene"]


class Piped(Strict):
    esql: Annotated[str, Field(min_length=1)]


class Source(Strict):
    query: Question | Piped
    filter: list[Any]
    indexRefName: str | None = None  # noqa: N815 Kibana's


class Meta(Strict):
    searchSourceJSON: Json[Source]  # noqa: N815 Kibana's


class Span(Strict):
    from_: Annotated[str, Field(alias="from")]
    to: str


class View(Strict):
    title: Annotated[str, Field(min_length=1)]
    name: str
    timeFieldName: str  # noqa: N815 Kibana's


class Search(Strict):
    title: Annotated[str, Field(min_length=1)]
    description: str
    columns: list[str]
    sort: list[Annotated[list[str], Field(min_length=2, max_length=2)]]
    grid: dict[Literal["columns"], dict[str, Any]]
    hideChart: bool  # noqa: N815 Kibana's
    kibanaSavedObjectMeta: Meta  # noqa: N815 Kibana's
    isTextBasedQuery: bool  # noqa: N815 Kibana's
    timeRestore: bool  # noqa: N815 Kibana's
    timeRange: Span  # noqa: N815 Kibana's


class Place(Strict):
    i: str
    x: Annotated[int, Field(ge=0, lt=48)]
    y: Annotated[int, Field(ge=0)]
    w: Annotated[int, Field(ge=1, le=48)]
    h: Annotated[int, Field(ge=1)]


class Panel(Strict):
    type: Literal["search"]
    panelIndex: str  # noqa: N815 Kibana's
    panelRefName: str  # noqa: N815 Kibana's
    gridData: Place  # noqa: N815 Kibana's
    embeddableConfig: dict[str, Any]  # noqa: N815 Kibana's


class Options(Strict):
    useMargins: bool  # noqa: N815 Kibana's


class Board(Strict):
    title: Annotated[str, Field(min_length=1)]
    description: str
    panelsJSON: Json[list[Panel]]  # noqa: N815 Kibana's
    optionsJSON: Json[Options]  # noqa: N815 Kibana's
    timeRestore: bool  # noqa: N815 Kibana's
    version: int
    kibanaSavedObjectMeta: Meta  # noqa: N815 Kibana's


class Saved(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    references: list[Reference]
    coreMigrationVersion: Literal["8.8.0"]  # noqa: N815 Kibana's


class SavedView(Saved):
    type: Literal["index-pattern"]
    typeMigrationVersion: Literal["8.0.0"]  # noqa: N815 Kibana's
    attributes: View


class SavedSearch(Saved):
    type: Literal["search"]
    typeMigrationVersion: Literal["10.5.0"]  # noqa: N815 Kibana's
    attributes: Search


class SavedBoard(Saved):
    type: Literal["dashboard"]
    typeMigrationVersion: Literal["10.2.0"]  # noqa: N815 Kibana's
    attributes: Board


def _joined(given: Any) -> Any:
    """Names that lead to references are among them, and no reference is of nothing."""
    attributes = given["attributes"]
    named = set[str]()
    if "kibanaSavedObjectMeta" in attributes:
        named |= {json.loads(attributes["kibanaSavedObjectMeta"]["searchSourceJSON"]).get("indexRefName")} - {None}
    for panel in json.loads(attributes.get("panelsJSON", "[]")):
        named.add(f"{panel['panelIndex']}:{panel['panelRefName']}")
    there = {each["name"] for each in given["references"]}
    if named != there:
        raise ValueError(f"{given['id']}: it names {sorted(named)}, and refers to {sorted(there)}")
    return given


OBJECT: TypeAdapter[SavedView | SavedSearch | SavedBoard] = TypeAdapter(
    Annotated[
        Annotated[SavedView | SavedSearch | SavedBoard, Discriminator("type")],
        BeforeValidator(_joined),
    ]
)
