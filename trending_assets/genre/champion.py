"""Which trained model is served: the one with the higher macro F1 on the same test split."""

import polars as pl

from trending_assets.contracts import TABLES, conform


def choose_champion(evaluations: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """One row of genre/champion from evaluation tables by model name ("xgboost" first, "bert" where it was trained).

    Models that saw another data version than XGBoost's are not comparable and stand aside. Ties go to the earlier name of
    `evaluations`. Raises ValueError without any evaluation.
    """
    if not evaluations:
        raise ValueError("there is no evaluated genre model to choose from")
    macros = {name: table.filter(pl.col("genre") == "macro").to_dicts()[0] for name, table in evaluations.items()}
    version = next(iter(macros.values()))["data_version"]
    rivals = {name: row for name, row in macros.items() if row["data_version"] == version}
    aside = [name for name in macros if name not in rivals]
    best = max(rivals, key=lambda name: rivals[name]["f1"])
    others = ", ".join(f"{rivals[name]['f1']:.3f} for {name}" for name in rivals if name != best)
    reason = f"Macro F1 {rivals[best]['f1']:.3f} on {rivals[best]['support']} test titles"
    reason += f" against {others} on the same ones" if others else ", and no other model was trained on this data"
    reason += f"; {', '.join(aside)} saw another data version." if aside else "."
    identity = {name: rivals[best][name] for name in ("model_id", "data_version", "trained_through")}
    row = {"model": best, "macro_f1": rivals[best]["f1"], "reason": reason, **identity}
    return conform(pl.DataFrame([row]), TABLES["genre/champion"])
