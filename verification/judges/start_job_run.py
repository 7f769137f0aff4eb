"""Judges requests of StartJobRun by botocore's model of the API: JSON in, with a request for each name, and JSON out, with a list of problems for each.

A request comes with the form in which it was found:

- `json`, with the names of the API, for the CLI and the SDKs;
- `task`, for the optimized integration of Step Functions, whose names start with a capital letter. What only the execution knows, an expression in
  `language`, is judged by the name of its member only;
- `schedule`, for EventBridge Scheduler, with the same names as a task and context attributes.
"""

import json
import re
import sys

import botocore.session

REQUEST = botocore.session.get_session().get_service_model("emr-serverless").operation_model("StartJobRun").input_shape

TOKEN = "clientToken"
EXECUTION_ID = "<aws.scheduler.execution-id>"
# what Scheduler puts in their place: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
CONTEXT_ATTRIBUTES = {
    EXECUTION_ID: "d32c5kddcf5bb8c3",
    "<aws.scheduler.scheduled-time>": "2026-11-28T21:00:00Z",
    "<aws.scheduler.schedule-arn>": "arn:aws:scheduler:eu-west-1:111122223333:schedule/default/nightly",
    "<aws.scheduler.attempt-number>": "1",
}


def shown(text):
    """Enough of it to be found."""
    return json.dumps(text if len(text) <= 200 else f"{text[:200]}…")


class Form:
    def __init__(self, form, language=None):
        self.form = form
        self.language = language

    def names(self, shape):
        """The members of a structure as they are called in this form."""
        return {name if self.form == "json" else name[0].upper() + name[1:]: name for name in shape.members}

    def is_expression(self, value):
        return self.language == "JSONata" and isinstance(value, str) and re.fullmatch(r"\{%.*%\}", value, re.DOTALL) is not None

    def member(self, key):
        """The name without the mark of a member whose value is an expression, and whether it has one."""
        has_mark = self.language == "JSONPath" and key.endswith(".$")
        return (key[:-2], True) if has_mark else (key, False)

    def value(self, value):
        if self.form == "schedule":
            for attribute, sample in CONTEXT_ATTRIBUTES.items():
                value = value.replace(attribute, sample)
        return value


def structure(form, value, shape, path):
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    names = form.names(shape)
    found = set()
    for key, item in value.items():
        name, is_expression = form.member(key)
        if name not in names:
            yield f"{path}.{name} is unknown"
            continue
        found.add(names[name])
        if not is_expression:
            yield from problems(form, item, shape.members[names[name]], f"{path}.{name}")
    required = [name for name in shape.required_members if name != TOKEN]
    yield from (f"{path}.{name} is missing" for name, member in names.items() if member in required and member not in found)
    if getattr(shape, "is_tagged_union", False) and len(found) != 1:
        yield f"{path} has {len(found)} members, and one is allowed"


def size(length, shape, path, unit):
    least, most = shape.metadata.get("min", 0), shape.metadata.get("max")
    if length < least or (most is not None and length > most):
        yield f"{path} has {length} {unit}, and {least} to {most} are allowed"


def sequence(form, value, shape, path):
    if not isinstance(value, list):
        yield f"{path} is no list"
        return
    yield from size(len(value), shape, path, "items")
    for i, item in enumerate(value):
        yield from problems(form, item, shape.member, f"{path}[{i}]")


def mapping(form, value, shape, path):
    if not isinstance(value, dict):
        yield f"{path} is no object"
        return
    yield from size(len(value), shape, path, "entries")
    for key, item in value.items():
        name, is_expression = form.member(key)
        yield from problems(form, name, shape.key, f"the key {shown(name)} of {path}")
        if not is_expression:
            yield from problems(form, item, shape.value, f"{path}.{name}")


def string(form, value, shape, path):
    if not isinstance(value, str):
        yield f"{path} is no string: {json.dumps(value)}"
        return
    text = form.value(value)
    yield from size(len(text), shape, path, "characters")
    pattern = shape.metadata.get("pattern")
    if shape.enum and text not in shape.enum:
        yield f"{path} is not one of {', '.join(shape.enum)}: {shown(text)}"
    elif pattern and not re.fullmatch(pattern, text, re.DOTALL):
        yield f"{path} does not match {pattern}: {shown(text)}"


def number(form, value, shape, path):
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if isinstance(value, bool) or not isinstance(value, int):
        yield f"{path} is no whole number: {json.dumps(value)}"
    elif (least is not None and value < least) or (most is not None and value > most):
        yield f"{path} is {value}, and {least} to {most} is allowed"


def boolean(form, value, shape, path):
    if not isinstance(value, bool):
        yield f"{path} is no boolean: {json.dumps(value)}"


TYPES = {
    "structure": structure, "list": sequence, "map": mapping, "string": string, "integer": number, "long": number, "boolean": boolean,
}


def problems(form, value, shape, path):
    if not form.is_expression(value):
        yield from TYPES[shape.type_name](form, value, shape, path)


def token_problems(form, request):
    """Each job run needs another token. The CLI and the SDKs make one for each call, and so does the optimized integration."""
    names = {name: member for member, name in form.names(REQUEST).items()}
    given = [value for key, value in request.items() if form.member(key)[0] == names[TOKEN]]
    if form.form == "schedule" and given != [EXECUTION_ID]:
        yield f"$.{names[TOKEN]} is not {EXECUTION_ID}: {json.dumps(given)}"
    if form.form != "schedule" and given:
        yield f"$.{names[TOKEN]} is there, which is for those to give who start a job run: {json.dumps(given)}"


def judge(request, **of):
    form = Form(**of)
    if not isinstance(request, dict):
        return ["$ is no object"]
    return [*problems(form, request, REQUEST, "$"), *token_problems(form, request)]


if __name__ == "__main__":
    print(json.dumps({name: judge(**asked) for name, asked in json.load(sys.stdin).items()}))
