# Code server, webserver, viewer, daemon, runs and exporter: one image, the command tells them apart. Build from the repository's root:
#   docker build -f deploy/images/dagster.Dockerfile --build-arg REVISION=$(git rev-parse HEAD) .
# Runs as user 10001 on a read-only root; /tmp alone is written to.

FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b AS builder
ARG EXTRAS=""
ENV UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON=/opt/venv/bin/python
WORKDIR /opt/trending-now
COPY requirements/ requirements/
RUN python -m pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
 && uv venv --python /usr/local/bin/python /opt/venv \
 && uv pip sync --require-hashes --compile-bytecode --build-constraints requirements/bootstrap.txt requirements/runtime.txt
# torch's CPU wheel differs from index to index, so this extra has pins and no hashes.
RUN if [ "$EXTRAS" = bert ]; then \
      uv pip install --torch-backend cpu --compile-bytecode -r requirements/bert.txt; \
    elif [ -n "$EXTRAS" ]; then \
      echo "EXTRAS takes bert or nothing, not '$EXTRAS'." >&2; exit 1; \
    fi
COPY pyproject.toml README.md ./
COPY trending_assets/ trending_assets/
COPY api/ api/
COPY sandbox/ sandbox/
COPY dbt_project/ dbt_project/
RUN uv pip install --no-deps --no-build-isolation --editable . \
 && /opt/venv/bin/python -c "from trending_assets.staging.dbt_project import prepare_manifest; prepare_manifest()" \
 && /opt/venv/bin/python -m compileall -q trending_assets api sandbox

FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
ARG REVISION=unknown
ARG CREATED=unknown
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Trending Now: Dagster" \
      org.opencontainers.image.description="Code server, webserver, daemon, runs and exporter of Trending Now." \
      org.opencontainers.image.source="https://github.com/trending-now/trending-now" \
      org.opencontainers.image.documentation="https://github.com/trending-now/trending-now/blob/main/docs/ci.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.base.name="docker.io/library/python:3.11-slim-bookworm" \
      org.opencontainers.image.base.digest="sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED" \
      org.opencontainers.image.version="$VERSION"
RUN useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin trending \
 && python -m pip uninstall --yes --quiet --root-user-action ignore pip setuptools wheel
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /opt/trending-now /opt/trending-now
COPY deploy/dagster/ /opt/dagster/
COPY deploy/dagster/production.yaml /opt/dagster/dagster.yaml
# Whatever writes goes to /tmp: a cache or a state file of any library, dbt's compiled SQL and logs.
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    TMPDIR=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DAGSTER_HOME=/opt/dagster \
    DAGSTER_DISABLE_TELEMETRY=yes \
    DBT_TARGET_PATH=/tmp/dbt \
    TRENDING_STATE_DIR=/tmp/trending
WORKDIR /opt/trending-now
USER 10001:10001
EXPOSE 3000 3001 4000 9108
# Mounted read-write where the root is read-only; Fargate gives it the owner and mode that it has here.
VOLUME ["/tmp"]
STOPSIGNAL SIGTERM
# For the code server; compose and the ECS task definitions name that of the other commands.
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=4 \
  CMD ["dagster", "api", "grpc-health-check", "--port", "4000"]
CMD ["dagster", "code-server", "start", "--host", "0.0.0.0", "--port", "4000", "--module-name", "trending_assets.definitions"]
