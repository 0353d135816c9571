"""Validates scenarios against a JSON Schema: validate.py SCHEMA.json good|bad FILE..."""

import json
import sys

import jsonschema
import yaml


class Plain(yaml.SafeLoader):
    """YAML as editors read it: dates stay text, `on` and `off` are words."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers
            if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Plain.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(true|false)$"),
                            ["t", "f"])


def with_text_keys(value):
    if isinstance(value, dict):
        return {str(key): with_text_keys(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [with_text_keys(inner) for inner in value]
    return value


def main():
    schema_file, expected, *files = sys.argv[1:]
    with open(schema_file, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft7Validator.check_schema(schema)
    validator = jsonschema.Draft7Validator(schema)
    wrong = 0
    for name in files:
        with open(name, encoding="utf-8") as file:
            scenario = with_text_keys(yaml.load(file, Plain))
        errors = [f"{name}: {list(error.path)}: {error.message[:200]}"
                  for error in validator.iter_errors(scenario)]
        if bool(errors) != (expected == "bad"):
            wrong += 1
            print("\n".join(errors) or f"{name}: no error found")
    return 1 if wrong or not files else 0


sys.exit(main())
