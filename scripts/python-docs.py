"""Runs every Python example of docs/python and of the README against the installed package.

An example of a page runs as its reader would have it: in the constructor of a stack, after the imports of docs/python/README.md, with the
things made that its comments say are there already.
"""

import contextlib
import io
import json
import os
import re
import sys
import textwrap
from pathlib import Path

os.environ.setdefault("CDK_VALIDATION", "false")

# no packages are installed, and the templates are the same
os.environ.setdefault("CDK_CONTEXT_JSON", json.dumps({"aws:cdk:bundling-stacks": []}))

ROOT = Path(__file__).resolve().parent.parent
# the examples name files of their reader, such as jobs/nightly.py
os.chdir(ROOT / "examples")

# what stands for a thing that the first lines of an example say is there
MADE = {
    "SparkEmrServerlessJob": """SparkEmrServerlessJob(
        self, "{id}", runtime=SparkEmrServerlessRuntime(self, "Runtime"), entry_point=SparkCode.from_asset("jobs/nightly.py"),
    )""",
    "SparkEmrServerlessRuntime": 'SparkEmrServerlessRuntime(self, "{id}")',
    "ec2.Vpc": """ec2.Vpc.from_vpc_attributes(
        self, "{id}",
        vpc_id="vpc-0123456789abcdef0",
        vpc_cidr_block="10.0.0.0/16",
        availability_zones=["eu-west-1a", "eu-west-1b"],
        private_subnet_ids=["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
        private_subnet_route_table_ids=["rtb-0123456789abcdef1", "rtb-0123456789abcdef2"],
    )""",
    "ecr.Repository": 'ecr.Repository(self, "{id}")',
    "emrserverless.CfnApplication": 'emrserverless.CfnApplication(self, "{id}", type="SPARK", release_label="emr-7.14.0")',
    "iam.ManagedPolicy": """iam.ManagedPolicy(
        self, "{id}", statements=[iam.PolicyStatement(actions=["glue:*", "s3:*"], resources=["*"])],
    )""",
    "iam.Role": 'iam.Role(self, "{id}", assumed_by=iam.AccountRootPrincipal())',
    "kms.Key": 'kms.Key(self, "{id}")',
    "rds.DatabaseInstance": 'rds.DatabaseInstance(self, "{id}", engine=rds.DatabaseInstanceEngine.POSTGRES, vpc=vpc)',
    "s3.Bucket": 's3.Bucket(self, "{id}")',
    "sqs.Queue": 'sqs.Queue(self, "{id}")',
}

BLOCK = re.compile(r"^```py\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DECLARED = re.compile(r"^# (\w+): ([\w.]+)$", re.MULTILINE)


def examples():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs" / "python").glob("*.md"))]:
        text = page.read_text(encoding="utf8")
        for match in BLOCK.finditer(text):
            yield f"{page.relative_to(ROOT)}:{text[: match.start()].count(chr(10)) + 2}", match[1], text


def is_program(code):
    """Whether an example brings its own app or stack, and with it all imports."""
    if DECLARED.search(code):
        return False
    return "Stack(" in code or "def test_" in code or "self" not in code and "runtime" not in code and "application" not in code


def in_stack(imports, code):
    """An example of a page in its stack, with everything that it says is there."""
    made = DECLARED.sub(lambda match: f"{match[1]} = {MADE[match[2]].format(id=match[1])}", code)
    return (
        f"{imports}\n\nclass MyStack(Stack):\n    def __init__(self, scope, id):\n        super().__init__(scope, id)\n"
        f"{textwrap.indent(made, ' ' * 8)}\n\napp = App()\nMyStack(app, 'MyStack')\n"
    )


def run(name, code, page, imports):
    variables = {"__name__": "example"}
    printed = io.StringIO()
    source = code if is_program(code) else in_stack(imports, code)
    with contextlib.redirect_stdout(printed):
        exec(compile(source, name, "exec"), variables)  # noqa: S102
        for test in [value for key, value in variables.items() if key.startswith("test_")]:
            test()
        if "app" in variables:
            templates = json.dumps([stack.template for stack in variables["app"].synth().stacks])
            assert "AWS::EMRServerless::Application" in templates or ":/applications/" in templates, "it makes and uses no application"
    assert printed.getvalue().strip() in page, f"the page does not say that it prints: {printed.getvalue()}"


def main():
    imports = BLOCK.search((ROOT / "docs" / "python" / "README.md").read_text(encoding="utf8"))[1]
    failures = 0
    count = 0
    for name, code, page in examples():
        count += 1
        try:
            run(name, code, page, imports)
        except Exception as error:  # noqa: BLE001
            failures += 1
            print(f"✖ {name}: {type(error).__name__}: {error}")
    print(f"{count} Python examples of the documentation ran, {failures} failed")
    # that the page with the imports and the generated ones are looked at at all
    sys.exit(1 if failures or count < 25 else 0)


main()
