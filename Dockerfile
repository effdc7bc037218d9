FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1
COPY --from=build /wheels /wheels
COPY constraints.txt /wheels/
# Constrained to the versions that were tested.
RUN pip install --no-cache-dir --constraint /wheels/constraints.txt \
        "$(echo /wheels/*.whl)[fast]" \
    && rm -r /wheels
RUN useradd --create-home explorer \
    && install --directory --owner=explorer /data
USER explorer
# Without ALLIANCE_EXPLORER_DB the embedded database is made here: mount a volume to keep it.
WORKDIR /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["alliance-explorer", "serve", "--host", "0.0.0.0", "--port", "8000"]
