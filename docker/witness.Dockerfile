# A log witness: cosigns checkpoints of the logs that it is given (compose.yaml adds --log).
# NOT RUN as an image: where this is developed no image can be built. Its RUN and COPY steps are executed in a
# debootstrap chroot by `./qej test --full docker`.   docker build -f docker/witness.Dockerfile -t qingejian/witness .
FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates nodejs npm
WORKDIR /app
COPY . .
# The image keeps what `./qej` installs: the stamp covers QEJ_INSTALL, so that nothing is installed again at the start.
ENV QEJ_INSTALL="--prod --filter @qej/witness..."
RUN ./qej exec node --version

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home qej && mkdir /data && chown qej /data
WORKDIR /app
COPY --from=build --chown=qej /app /app
ENV QEJ_INSTALL="--prod --filter @qej/witness..."
USER qej
VOLUME /data
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["/app/qej", "exec", "node", "/app/docker/health.ts", "http://127.0.0.1:8090/"]
ENTRYPOINT ["/app/qej", "exec", "node", "/app/services/witness/src/main.ts"]
CMD ["--host", "0.0.0.0", "--port", "8090", "--dir", "/data"]
