# tap-qa, target-qa, target-postgres and the Dagster code location, for a file system that is read-only:
#   docker build -t tap-qa .
#   docker run --read-only --tmpfs /tmp --tmpfs /var/lib/dagster:uid=10001 -v /srv/qa:/etc/qa:ro -p 4000:4000 -e QA_… tap-qa
FROM python:3.11-slim AS build
RUN pip install --no-cache-dir uv==0.9.*
COPY . /checkout
RUN /checkout/image/install /opt/qa

FROM python:3.11-slim
# What installs packages has no business here.
RUN rm -rf /usr/local/lib/python3.11/site-packages/* /usr/local/lib/python3.11/ensurepip /usr/local/bin/pip* \
    && mkdir /var/lib/dagster && chown 10001:10001 /var/lib/dagster
COPY --from=build /opt/qa /opt/qa
COPY --from=build --chown=10001:10001 /opt/qa/orchestrate/dagster.yaml /var/lib/dagster/
ENV PATH=/opt/qa/bin:/usr/local/bin:/usr/bin:/bin PYTHONPATH=/opt/qa/orchestrate PYTHONDONTWRITEBYTECODE=1 \
    DAGSTER_HOME=/var/lib/dagster
USER 10001:10001
EXPOSE 4000
CMD ["dagster", "api", "grpc", "--host", "0.0.0.0", "--port", "4000", "--module-name", "qa_dagster.definitions"]
