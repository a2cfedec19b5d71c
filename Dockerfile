# The portal: web, worker, beat and commands are one image with different commands.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 \
    PATH=/portal/.venv/bin:$PATH DATA_DIR=/data
WORKDIR /portal

# Pango, fonts and pg_dump; these layers stay while only our source changes.
COPY scripts/system-packages scripts/
RUN apt-get update -qq \
    && scripts/system-packages --runtime \
    && apt-get install -y -qq --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.lock ./
RUN python -m venv .venv && pip install --quiet --require-hashes --requirement requirements.lock

COPY . .
RUN python scripts/compile_messages.py \
    && useradd --uid 10001 --create-home portal \
    && install -d -o portal -g portal -m 700 /data /backups /backup-keys
USER portal
VOLUME ["/data", "/backups", "/backup-keys"]
EXPOSE 8000
CMD ["gunicorn", "--bind", "0.0.0.0:8000"]
