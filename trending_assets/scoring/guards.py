"""What a sentence of a digest must not hold, whatever a document talked the LLM into.

The guards are plain text work and no judge of meaning: a sentence that lies in words of its sources passes them. What it says
can still be checked, as it cites its documents.
"""

import re
from collections.abc import Sequence

from trending_assets.scoring.injection import marks
from trending_assets.scoring.prompts import clean

_ADDRESS = re.compile(
    r"\w+://"
    r"|@\w"  # handles and e-mail
    r"|(?<![\w.-])(?:[a-z0-9-]+\.)+[a-z]{2,24}(?![\w-])"  # domains
    r"|(?<!\d)(?:\d{1,3}\.){3}\d{1,3}(?!\d)",  # IPv4
    re.IGNORECASE,
)
_PHONE = re.compile(r"\+?\d(?:[\s()./-]*\d){6,}")
_YEARS = re.compile(r"\d{4}\s*[-–/]\s*\d{4}")
_MARKUP = re.compile(r"[<>{}\[\]|\\`‹›]|\*\*|__|&#?\w+;")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_PARTS = re.compile(r"[.,:/]")
_SHARE = re.compile(r"\s*(?:%|per ?cent)", re.IGNORECASE)
_START = re.compile(r"(?:^|[.!?])[\W_]*$")
_PLAIN = frozenset({"i", "tv"})
"""Words that are capitalised and no names."""


class Sources:
    """What a request holds: the title's facts and its documents by doc_id; and whether a sentence may stand on them."""

    def __init__(self, name: str | None, facts: Sequence[str], documents: dict[str, str]) -> None:
        self.documents = documents
        self._name, self._facts = name or "", "\n".join(facts)

    def problem(self, sentence: str, cited: Sequence[str]) -> str | None:
        """Why a sentence that cites documents of the request is dropped, or None."""
        # The title's own name is TMDb's and no invention: [REC] is no markup.
        rest = sentence.replace(self._name, " it ") if len(self._name) > 3 else sentence
        if _ADDRESS.search(rest) or any(not _YEARS.fullmatch(found[0]) for found in _PHONE.finditer(rest)):
            return "address"
        if _MARKUP.search(rest) or clean(sentence, len(sentence)) != sentence:
            return "markup"
        if marks(rest):
            return "addresses_software"
        said = "\n".join([self._facts, *(self.documents[doc_id] for doc_id in cited)])
        if _names(rest) - _words(said):
            return "invented_name"
        if self._invents_number(rest, said):
            return "invented_number"
        return None

    def _invents_number(self, sentence: str, said: str) -> bool:
        """Whether a number stands in no source and cannot be a count of documents."""
        known = {found[0] for found in _NUMBER.finditer(said)}
        known |= {part for number in known for part in _PARTS.split(number)}
        for found in _NUMBER.finditer(sentence):
            count = (
                found[0].isdecimal()
                and int(found[0]) <= len(self.documents)
                and not _SHARE.match(sentence, found.end())
            )
            if found[0] not in known and not count:
                return True
        return False


def _names(sentence: str) -> set[str]:
    """Capitalised words that do not begin a sentence, in lower case."""
    found = (m for m in _WORD.finditer(sentence) if m[0][0].isupper() and not _START.search(sentence, 0, m.start()))
    return {_plain(m[0]) for m in found} - _PLAIN


def _words(text: str) -> set[str]:
    whole = {_plain(m[0]) for m in _WORD.finditer(text)}
    return whole | {part for word in whole for part in word.split("-")}


def _plain(word: str) -> str:
    return word.replace("\u2019", "'").casefold().removesuffix("'s").removesuffix("'")
