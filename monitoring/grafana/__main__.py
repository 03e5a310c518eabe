"""Write the dashboards that Grafana is provisioned with."""

from pathlib import Path

from monitoring.grafana import model_and_data, pipeline, service
from monitoring.grafana.model import text_of

FOLDER = Path(__file__).resolve().parent / "dashboards"
DASHBOARDS = {
    "service.json": service.DASHBOARD,
    "pipeline.json": pipeline.DASHBOARD,
    "model-and-data.json": model_and_data.DASHBOARD,
}

if __name__ == "__main__":
    for name, made in DASHBOARDS.items():
        (FOLDER / name).write_text(text_of(made), encoding="utf-8")
        print(FOLDER / name)
