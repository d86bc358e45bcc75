"""Finds texts by their terms, on either engine; bot/kit/terms.py decides which terms a text has."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import LiteralString

from models.circles import READ, names, reading
from models.store import Bulk, Dialect, Tx

#: Terms stand in double or single quotes and contain neither, so that nothing in them works as a command.
QUOTES: Mapping[Dialect, tuple[str, str, str, str]] = {
    "sqlite": ('"{}"', '"{}" *', " AND ", " OR "),
    "postgres": ("'{}'", "'{}':*", " & ", " | "),
}
KEEP: Mapping[Dialect, LiteralString] = {
    "sqlite": "INSERT INTO found (rowid, words) VALUES (:id, :words)",
    "postgres": "INSERT INTO found (id, words) VALUES (:id, array_to_tsvector(string_to_array(:words, ' ')))",
}
KEPT: Mapping[Dialect, LiteralString] = {
    "sqlite": "SELECT words FROM found WHERE rowid = :id",
    "postgres": "SELECT array_to_string(tsvector_to_array(words), ' ') AS words FROM found WHERE id = :id",
}
DROP: Mapping[Dialect, LiteralString] = {
    "sqlite": "DELETE FROM found WHERE rowid = :id",
    "postgres": "DELETE FROM found WHERE id = :id",
}
MATCH: Mapping[Dialect, LiteralString] = {
    "sqlite": """
    SELECT question.number
    FROM found
    JOIN question ON question.id = found.rowid
    WHERE found MATCH :query AND question.community_id = :community_id AND question.state NOT IN ('draft', 'deleted')
    """
    + READ,
    "postgres": """
    SELECT question.number
    FROM found
    JOIN question ON question.id = found.id
    WHERE found.words @@ CAST(CAST(:query AS TEXT) AS TSQUERY)
      AND question.community_id = :community_id AND question.state NOT IN ('draft', 'deleted')
    """
    + READ,
}
BEST: Mapping[Dialect, LiteralString] = {
    "sqlite": "ORDER BY bm25(found), found.rowid DESC LIMIT :limit",
    "postgres": """
    ORDER BY ts_rank(found.words, CAST(CAST(:query AS TEXT) AS TSQUERY)) DESC, found.id DESC LIMIT :limit
    """,
}
#: read from the end, and only as far as needed, because ranking very many matches would take long
NEWEST: Mapping[Dialect, LiteralString] = {
    "sqlite": "ORDER BY found.rowid DESC LIMIT :limit",
    "postgres": "ORDER BY found.id DESC LIMIT :limit",
}
_COUNTED: Mapping[str, LiteralString] = {"community_id": "BIGINT", "place_id": "BIGINT", "term": "TEXT"}
COUNT = Bulk(
    head="INSERT INTO found_term (community_id, place_id, term, texts)",
    columns={**_COUNTED, "texts": "BIGINT"},
    tail="ON CONFLICT (community_id, term, place_id) DO UPDATE SET texts = found_term.texts + 1",
)
UNCOUNT = Bulk(
    head="WITH gone (community_id, place_id, term) AS (",
    columns=_COUNTED,
    tail="""
    )
    UPDATE found_term SET texts = texts - 1
    FROM gone
    WHERE found_term.community_id = gone.community_id AND found_term.place_id = gone.place_id
      AND found_term.term = gone.term
    """,
)
COUNTED = Bulk(
    head="WITH wanted (community_id, circles, term) AS (",
    columns={"community_id": "BIGINT", "circles": "TEXT", "term": "TEXT"},
    tail="""
    )
    SELECT found_term.term, found_term.texts
    FROM wanted
    JOIN found_term ON found_term.community_id = wanted.community_id AND found_term.term = wanted.term
    JOIN place ON place.community_id = found_term.community_id AND place.id = found_term.place_id
    WHERE TRUE
    """
    + reading("wanted.circles"),
)
#: the term that counts the texts themselves
ALL = ""


async def keep(tx: Tx, id: int, terms: Sequence[str]) -> None:
    """Store the terms of this text, and replace the old ones.

    The terms are counted for its place, so that readers of that place count them; those of a thread count for its
    channel.
    """
    await drop(tx, id)
    await tx.run(KEEP[tx.dialect], id=id, words=" ".join(terms))
    home = await tx.one(
        """
        INSERT INTO found_text (id, community_id, place_id)
        SELECT question.id, question.community_id,
               CASE WHEN place.kind IN ('thread', 'topic') AND above.circle = place.circle
                    THEN above.id ELSE place.id END
        FROM question
        JOIN place ON place.community_id = question.community_id AND place.id = question.place_id
        LEFT JOIN place AS above ON above.community_id = place.community_id AND above.id = place.parent_id
        WHERE question.id = :id
        RETURNING community_id, place_id
        """,
        id=id,
    )
    if home:
        rows = [(home["community_id"], home["place_id"], term, 1) for term in sorted({ALL, *terms})]
        await tx.each(COUNT, rows)


async def drop(tx: Tx, id: int) -> None:
    kept = await tx.one(KEPT[tx.dialect], id=id)
    if kept is not None:
        await tx.run(DROP[tx.dialect], id=id)
        home = await tx.one("DELETE FROM found_text WHERE id = :id RETURNING community_id, place_id", id=id)
        if home:
            gone = [(home["community_id"], home["place_id"], term) for term in sorted({ALL, *kept["words"].split()})]
            await tx.each(UNCOUNT, gone)


async def rarity(
    tx: Tx, community_id: int, circles: Collection[str], terms: Sequence[str]
) -> tuple[Mapping[str, int], int]:
    """In how many texts that these circles read each term occurs, without zeros; and how many texts there are."""
    read = names(circles)
    counted: Counter[str] = Counter()
    for row in await tx.each(COUNTED, [(community_id, read, term) for term in sorted({ALL, *terms})]):
        counted[row["term"]] += row["texts"]
    texts = counted.pop(ALL, 0)
    return +counted, texts


async def matching(
    tx: Tx,
    community_id: int,
    terms: Sequence[str],
    limit: int,
    circles: Collection[str],
    *,
    every: bool,
    begun: bool = False,
    newest: bool = False,
) -> list[int]:
    """Questions that these circles read, with every one of these terms, or any; best or newest first.

    `begun` also matches words that begin with the last term.
    """
    if not terms:
        return []
    whole, beginning, both, either = QUOTES[tx.dialect]
    quoted = [whole.format(term) for term in terms[:-1]]
    quoted.append((beginning if begun else whole).format(terms[-1]))
    rows = await tx.all(
        MATCH[tx.dialect] + (NEWEST if newest else BEST)[tx.dialect],
        query=(both if every else either).join(quoted),
        community_id=community_id,
        limit=limit,
        circles=names(circles),
    )
    return [row["number"] for row in rows]
