# The reference bank: its own database, seal and clerk's desk. It listens on 127.0.0.1 only, so that it runs on the host's network,
# behind whatever ends TLS there. /data holds `bank-seal` from the authority, /trust the authority's public files.
# NOT RUN as an image: where this is developed no image can be built. Its RUN and COPY steps are executed in a
# debootstrap chroot by `./qej test --full docker`.   docker build -f docker/bank.Dockerfile -t qingejian/bank .
FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates nodejs npm
WORKDIR /app
COPY . .
# The image keeps what `./qej` installs: the stamp covers QEJ_INSTALL, so that nothing is installed again at the start.
ENV QEJ_INSTALL="--prod --filter @qej/bank..."
RUN ./qej exec node --version

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home qej && mkdir /data && chown qej /data
WORKDIR /app
COPY --from=build --chown=qej /app /app
ENV QEJ_INSTALL="--prod --filter @qej/bank..."
USER qej
VOLUME /data
EXPOSE 8092
# No HEALTHCHECK: without an authority's files it does not start (compose.yaml asks the bank's health).
ENTRYPOINT ["/app/qej", "exec", "node", "/app/services/bank/src/main.ts"]
CMD ["--port", "8092", "--dir", "/data", "--trust", "/trust"]
