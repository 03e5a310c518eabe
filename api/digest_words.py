"""Plain words for the reasons that a digest carries (contracts: no_summary, left_out, dropped)."""

NO_SUMMARY = {
    "too_few": "Fewer than 3 documents by 2 authors speak of it: too little for a summary.",
    "over_cap": "No summary: it is not among the 100 titles that most people write about.",
    "no_answer": "No summary: the LLM gave no answer that can be used.",
    "too_little": "What people write says too little for a summary.",
    "no_sentence": "No summary: no sentence of the LLM's answer stood up to the checks.",
}
LEFT_OUT = {
    "addresses_software": "tries to steer the software that reads it",
    "copy": "a copy of another",
    "not_scored": "not scored",
    "spam": "spam",
    "not_about_title": "not about the title",
    "older_of_voice": "counted, but not summed up: its author wrote a newer one",
    "over_request": "counted, but not summed up: beyond the 30 that the LLM is shown",
}
DROPPED = {
    "empty": "an empty sentence",
    "uncited": "a sentence that cites nothing",
    "unknown_document": "a sentence that cites a document that it was not shown",
    "address": "a sentence with an address or a handle",
    "markup": "a sentence with markup or hidden characters",
    "addresses_software": "a sentence that tries to steer software",
    "invented_name": "a sentence with a name that its sources lack",
    "invented_number": "a sentence with a number that its sources lack",
    "over_length": "a sentence beyond 60 words or 4 sentences",
    "unsupported_tag": "a vibe tag that fewer than 3 authors support",
    "unsupported_genre": "a genre that neither TMDb nor 3 authors support",
}
