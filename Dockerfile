# This file has not been built yet.
#
#     docker build --tag estimator-lint .
#     docker run --rm --volume "$PWD:/code:ro" estimator-lint
FROM python:3.13-slim AS build
COPY . /source
RUN python -m venv /opt/estimator-lint \
    && /opt/estimator-lint/bin/pip install --no-cache-dir --disable-pip-version-check /source

FROM python:3.13-slim
COPY --from=build /opt/estimator-lint /opt/estimator-lint
RUN useradd --create-home linter
USER linter
WORKDIR /code
ENTRYPOINT ["/opt/estimator-lint/bin/estimator-lint"]
CMD ["check", "."]
