"""The learned sentiment: what it is asked about, what it says, and how well on real rows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import openai
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.llm import LEXICON_MODEL, MODEL
from sandbox.process import SandboxProcess
from sandbox.scorer import score_document
from sandbox.sentiment.__main__ import main
from sandbox.sentiment.data import Rows, SentimentError, normal, part_of, runs_of, split_of
from sandbox.sentiment.fit import train_linear
from sandbox.sentiment.linear import BITS, WEIGHTS, Linear, features
from sandbox.sentiment.prose import is_english_prose, learned_sentiment

NEUTRAL = """The film was released in the United States on Friday.
The movie will be shown at the festival in Toronto next week.
Filming began in March in New Zealand and ended in June.
The studio announced a new release date for the sequel on Monday.
The series has eight episodes and will be available in October.
The director has signed on to direct a second film for the studio.
Tickets go on sale on Thursday at ten in the morning.
The film is based on a novel that was published in 1987.
The trailer was published online on Tuesday.
The cast includes actors from the stage production.
The movie runs for two hours and ten minutes.
The premiere took place in London on Wednesday evening.
The company said that the show would return for a third season.
The film was shot on location in Morocco and Spain.
The screenplay was written by two brothers from Chicago.
The distributor bought the rights for North America.
A detective travels to a small town to look for a missing girl.
Two sisters inherit a house and move there with their children.
The film earned 24 million dollars over the weekend.
The movie opens in 2,500 theaters across the country on Friday.
The second season starts on the fifth of May.
The actor was born in Dublin and lives in New York.
The film will be on the streaming service from next month.
The soundtrack was recorded in Prague with an orchestra.
I watched the first episode with my brother on Sunday.
The screening starts at eight and the doors open at seven.
The producers have not named a director yet.
The documentary follows three students over one year.
The cinema is on the corner of Main Street and Third Avenue.
The remake is set in Japan in the nineteenth century.""".splitlines()
OPINIONS = {
    "A tender, beautifully acted film that stays with you for days.": 1,
    "Smart and funny, with a cast that is clearly having the time of its life.": 1,
    "One of the best films of the year.": 1,
    "An exhilarating ride from the first minute to the last.": 1,
    "A lifeless mess with no jokes and no point.": -1,
    "It is too long, too loud and never once funny.": -1,
    "The plot makes no sense and nobody seems to care.": -1,
    "A tedious film that wastes everyone who is in it.": -1,
}


@pytest.fixture(scope="module")
def model() -> Linear:
    return Linear()


def test_opinions_have_their_sign_and_plain_facts_stay_near_0(model: Linear) -> None:
    for text, sign in OPINIONS.items():
        found = learned_sentiment(model, text)
        assert found is not None and found * sign > 0.3, (text, found)
    plain = {text: learned_sentiment(model, text) for text in NEUTRAL}
    sizes = sorted(abs(value or 0.0) for value in plain.values())
    assert len(sizes) == 30 and sizes[-1] < 0.6 and sizes[14] < 0.15, plain


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        ("A quiet film about a summer by the sea.", True),
        ("effective but too-tepid biopic", True),
        ("Loved it", False),
        ("I saw", False),
        ("La película es muy aburrida y la historia no tiene sentido.", False),
        ("Der Film ist langweilig und die Handlung ergibt keinen Sinn.", False),
        ("これはとても良い映画でした 本当に 素晴らしい 映画", False),
        ("Это очень хороший фильм, всем советую", False),
        ("12 34 56 78", False),
        ("", False),
    ],
)
def test_only_english_prose_is_learned(text: str, prose: bool, model: Linear) -> None:
    assert is_english_prose(text) is prose
    assert (learned_sentiment(model, text) is not None) is prose


def test_what_is_no_english_prose_is_left_to_the_lexicon(model: Linear) -> None:
    for text in ("Una obra-maestra, genial y excelente.", "Loved it", "I saw"):
        assert score_document({"text": text}, None, None, model) == score_document({"text": text}, None, None)
    prose = {"text": "The plot makes no sense and nobody seems to care."}
    assert score_document(prose, None, None, model) != score_document(prose, None, None)


def test_a_rating_outweighs_the_words(model: Linear) -> None:
    text = "A tedious film that wastes everyone who is in it, a boring mess."
    assert score_document({"text": text}, None, None, model)["sentiment"] < -0.3
    assert score_document({"text": text, "rating": 9, "rating_max": 10}, None, None, model)["sentiment"] > 0.3
    assert score_document({"text": f"{text} 9/10"}, None, None, model)["sentiment"] > 0.3


def test_other_scores_are_the_lexicons(model: Linear) -> None:
    document = {"text": "The twist is that the killer is the wizard. A gripping thriller film, hilarious and tense!"}
    plain, learned = score_document(document, None, None), score_document(document, None, None, model)
    for name in ("about_title", "spam", "spoiler", "genres", "vibe_tags"):
        assert plain[name] == learned[name]


def _ask(client: openai.OpenAI, model: str) -> tuple[str, float]:
    data = {"task": "document_score", "document": {"text": "The plot makes no sense and nobody seems to care."}}
    answer = client.chat.completions.create(model=model, messages=[{"role": "user", "content": json.dumps(data)}])
    return answer.model, json.loads(answer.choices[0].message.content or "")["sentiment"]


def test_the_endpoint_names_which_model_answered(sandbox_process: SandboxProcess, model: Linear) -> None:
    with openai.DefaultHttpxClient(trust_env=False) as http:
        client = openai.OpenAI(base_url=f"{sandbox_process.url}/v1", api_key="k", http_client=http)
        assert [row.id for row in client.models.list()] == [MODEL, LEXICON_MODEL]
        assert client.models.retrieve(LEXICON_MODEL).id == LEXICON_MODEL
        learned = learned_sentiment(model, "The plot makes no sense and nobody seems to care.")
        assert _ask(client, MODEL) == ("sandbox-linear-1", pytest.approx(learned, abs=1e-4))
        assert _ask(client, LEXICON_MODEL) == ("sandbox-lexicon-1", 0.0)


def test_the_server_loads_no_trainer() -> None:
    code = "import sys, sandbox.server; print([n for n in ('sklearn', 'scipy', 'torch', 'onnxruntime') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_weights_are_small_and_hold_no_text() -> None:
    assert WEIGHTS.stat().st_size < 2_000_000
    with np.load(WEIGHTS, allow_pickle=False) as file:
        assert {name: file[name].dtype.kind for name in file.files} == {"weights": "i", "scale": "f", "bias": "f"}
        assert file["weights"].shape == (1 << BITS,)


def test_hashes_are_the_same_everywhere(model: Linear) -> None:
    assert features("So good!").tolist() == sorted(set(features("so GOOD !").tolist()))
    assert features("it does n't work").tolist() == features("It doesn\u2019t work").tolist()
    assert features("").tolist() == [] and model.logits([""]) == [model.bias]
    assert features("good").tolist()[:3] == [57561, 164344, 199112]


@given(st.text(max_size=400))
def test_any_text_has_a_finite_logit(text: str) -> None:
    assert np.isfinite(Linear().logits([text])).all()


def _made(path: Path, rows: int = 400) -> Path:
    """Snippets of which one word tells the label."""
    words = (("awful", "dull", "bad"), ("great", "lovely", "good"))
    made = [(n % 2, f"a {words[n % 2][n % 3]} film about number {n}") for n in range(rows)]
    pl.DataFrame(
        {"source": ["rt_polarity"] * rows, "text": [t for _, t in made], "label": [n for n, _ in made]}
    ).write_parquet(path)
    return path


def test_split_depends_on_the_words_alone(tmp_path: Path) -> None:
    split = split_of(_made(tmp_path / "a.parquet"))
    assert len(split.train) + len(split.valid) + len(split.test) == 400
    assert {part_of(text) for text in split.test.texts} == {"test"}
    assert part_of("Good , is n't it") == part_of("good is N'T it!")
    pl.read_parquet(tmp_path / "a.parquet").reverse().write_parquet(tmp_path / "b.parquet")
    assert set(split_of(tmp_path / "b.parquet").test.texts) == set(split.test.texts)


def test_a_snippet_that_repeats_a_held_out_text_is_not_trained_on(tmp_path: Path) -> None:
    reviews = _made(tmp_path / "a.parquet")
    held = split_of(reviews).test.texts[0]
    critics = [f"They said: {held.upper()}, and more.", "Another text that nobody has seen before in any other place."]
    pl.DataFrame({"text": critics, "fresh": ["fresh", "rotten"]}).write_parquet(tmp_path / "critics.parquet")
    kept = split_of(reviews, tmp_path / "critics.parquet").critics
    assert kept.texts == critics if len(normal(held).split()) < 8 else critics[1:]
    exact = pl.DataFrame({"text": [held.upper(), critics[1]], "fresh": ["fresh", "rotten"]})
    exact.write_parquet(tmp_path / "critics.parquet")
    assert split_of(reviews, tmp_path / "critics.parquet").critics.texts == [critics[1]]
    long = "one two three four five six seven eight nine"
    assert runs_of(f"{long} ten") & runs_of(f"zero {long}")


def test_training_learns_repeats_itself_and_never_reads_the_test_part(tmp_path: Path) -> None:
    split = split_of(_made(tmp_path / "a.parquet"))
    neutral = ["a film about number 1", "the film about number 2"]
    first = train_linear(split, neutral, tmp_path / "one", lambda line: None)
    blind = split.__class__(**{**vars(split), "test": Rows([], [])})
    second = train_linear(blind, neutral, tmp_path / "two", lambda line: None)
    assert first.read_bytes() == second.read_bytes()
    found = np.array(Linear(first).logits(split.test.texts)) > 0
    assert (found == np.array(split.test.labels, bool)).all()


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"text": ["x"]}, "lacks the columns source and label"),
        ({"source": ["rt_polarity"], "text": ["x"], "label": [2]}, "labels other than 0 and 1"),
        ({"source": ["rt_polarity"], "text": ["x"], "label": [1]}, "fewer than 50 rows"),
        ({"source": ["rt_polarity"] * 60, "text": [f"t {n}" for n in range(60)], "label": [1] * 60}, "only one label"),
        (None, "There is no file"),
    ],
)
def test_bad_input_is_one_sentence(
    frame: dict[str, Any] | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "reviews.parquet"
    if frame:
        pl.DataFrame(frame).write_parquet(path)
    with pytest.raises(SentimentError, match=said):
        split_of(path)
    assert main(["train-linear", "--reviews", str(path), "--out", str(tmp_path / "out")]) == 2
    assert said in capsys.readouterr().err
    path.write_text("no parquet")
    assert main(["train-linear", "--reviews", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "cannot be read as Parquet" in capsys.readouterr().err


def test_accuracy_on_rotten_tomatoes(shared: Path, model: Linear) -> None:
    test = split_of(shared / "data" / "reviews.parquet").test
    found = [score_document({"text": text}, None, None, model)["sentiment"] > 0 for text in test.texts]
    assert np.mean(np.array(found) == np.array(test.labels, bool)) >= 0.78
    plain = [score_document({"text": text}, None, None)["sentiment"] > 0 for text in test.texts]
    assert np.mean(np.array(plain) == np.array(test.labels, bool)) < 0.72
