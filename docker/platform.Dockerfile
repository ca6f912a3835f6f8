# The platform: app, API, intake, rooms and worker in one process (as ./qej up starts it), with the media worker. As child processes it
# starts a witness, the reference bank, its demo holders and, unless CMD says --no-demo, the demo.
# NOT RUN as an image: where this is developed no image can be built. Its RUN and COPY steps are executed in a
# debootstrap chroot by `./qej test --full docker`.   docker build -f docker/platform.Dockerfile -t qingejian/platform .
FROM debian:12-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates nodejs npm
WORKDIR /app
COPY . .
ENV QEJ_INSTALL="--prod --filter @qej/platform... --filter @qej/web... --filter @qej/witness... --filter @qej/bank... --filter @qej/holder... --filter @qej/demo..."
RUN ./qej exec node --version
RUN if [ -f web/index.html ]; then ./qej exec pnpm --dir /app --filter @qej/web run build; fi

FROM build AS worker
RUN xargs apt-get install -y --no-install-recommends < docker/media-worker/packages.txt
ENV XDG_CACHE_HOME=/worker
RUN cp "$(./qej exec node docker/media-worker/get-worker.ts --build | tail -n 1)" /mediasoup-worker

FROM debian:12-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates ffmpeg libuv1 libssl3 libsrtp2-1 libabsl20220623 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home qej && mkdir /data && chown qej /data
WORKDIR /app
COPY --from=build --chown=qej /app /app
COPY --from=worker /mediasoup-worker /usr/local/bin/mediasoup-worker
ENV QEJ_INSTALL="--prod --filter @qej/platform... --filter @qej/web... --filter @qej/witness... --filter @qej/bank... --filter @qej/holder... --filter @qej/demo..."
ENV MEDIASOUP_WORKER_BIN=/usr/local/bin/mediasoup-worker
ENV QEJ_DATA=/data
USER qej
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["/app/qej", "exec", "node", "/app/docker/health.ts", "http://127.0.0.1:8080/"]
ENTRYPOINT ["/app/qej", "exec", "node", "/app/services/platform/src/main.ts"]
CMD []
