"""Bad inputs of every kind through the real crawl: nothing lost, nothing broken, memory bounded."""

import pytest

from bench import bad_inputs
from sandbox.hostile import KINDS, kind_of


@pytest.mark.slow
def test_hundreds_of_bad_inputs_cost_one_row_each(capsys: pytest.CaptureFixture[str]) -> None:
    number = 400
    assert {kind_of(n, 5) for n in range(number)} == set(KINDS)
    code = bad_inputs.main(["--inputs", str(number), "--seed", "5"])
    printed = capsys.readouterr().out
    assert code == 0, printed
    assert f"{number} inputs: no crash" in printed
