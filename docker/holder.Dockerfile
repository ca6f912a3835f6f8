# An unattended holder of opening keys: keys, pinned log key and diary of its own in /data, the authority's public files in /trust.
# It only calls out: no port.
# NOT RUN as an image: where this is developed no image can be built. Its RUN and COPY steps are executed in a
# debootstrap chroot by `./qej test --full docker`.   docker build -f docker/holder.Dockerfile -t qingejian/holder .
FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates nodejs npm
WORKDIR /app
COPY . .
# The image keeps what `./qej` installs: the stamp covers QEJ_INSTALL, so that nothing is installed again at the start.
ENV QEJ_INSTALL="--prod --filter @qej/holder..."
RUN ./qej exec node --version

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home qej && mkdir /data && chown qej /data
WORKDIR /app
COPY --from=build --chown=qej /app /app
ENV QEJ_INSTALL="--prod --filter @qej/holder..."
USER qej
VOLUME /data
# No HEALTHCHECK: without an authority's files it does not start (compose.yaml asks the bank's health).
ENTRYPOINT ["/app/qej", "exec", "node", "/app/services/holder/src/main.ts"]
CMD ["run", "--dir", "/data", "--trust", "/trust"]
