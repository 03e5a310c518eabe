# API and page. Build from the repository's root:
#   docker build -f deploy/images/api.Dockerfile --build-arg REVISION=$(git rev-parse HEAD) .
# Runs as user 10001 on a read-only root; /tmp alone is written to. Neither Dagster nor dbt is in it.

FROM node:22-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c AS web
WORKDIR /web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error

FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b AS builder
ENV UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON=/opt/venv/bin/python
WORKDIR /opt/trending-now
COPY requirements/ requirements/
RUN python -m pip install --no-cache-dir --require-hashes -r requirements/bootstrap.txt \
 && uv venv --python /usr/local/bin/python /opt/venv \
 && uv pip sync --require-hashes --compile-bytecode requirements/api.txt
COPY pyproject.toml README.md ./
COPY trending_assets/ trending_assets/
COPY api/ api/
COPY sandbox/ sandbox/
COPY web/static/ web/static/
COPY web/templates/ web/templates/
# setuptools serves the installation of this project alone.
RUN uv pip install --require-hashes -r requirements/bootstrap.txt \
 && uv pip install --no-deps --no-build-isolation --editable . \
 && uv pip uninstall uv setuptools \
 && /opt/venv/bin/python -m compileall -q trending_assets api sandbox
COPY --from=web /web/node_modules/ web/node_modules/

FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b
ARG REVISION=unknown
ARG CREATED=unknown
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Trending Now: API" \
      org.opencontainers.image.description="API and page of Trending Now." \
      org.opencontainers.image.source="https://github.com/trending-now/trending-now" \
      org.opencontainers.image.documentation="https://github.com/trending-now/trending-now/blob/main/docs/api.md" \
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
ENV PATH=/opt/venv/bin:$PATH \
    HOME=/tmp \
    TMPDIR=/tmp \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    TRENDING_API_HOST=0.0.0.0 \
    TRENDING_STATE_DIR=/tmp/trending
WORKDIR /opt/trending-now
USER 10001:10001
EXPOSE 8000
# Mounted read-write where the root is read-only; Fargate gives it the owner and mode that it has here.
VOLUME ["/tmp"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["trending", "serve", "--port", "8000"]
