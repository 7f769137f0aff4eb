"""Answers questions about IAM with the local simulation of PMapper.

Each line of stdin is a batch in JSON: `policies`, and `questions` that refer to them by their index. The answer is a line with a list of booleans.
"""

import collections
import collections.abc
import json
import sys

# PMapper 1.1.5 takes them from where Python 3.10 no longer has them
collections.Mapping = collections.abc.Mapping
collections.MutableMapping = collections.abc.MutableMapping

from principalmapper.common import Node, Policy  # noqa: E402
from principalmapper.querying.local_policy_simulation import ResourcePolicyEvalResult, resource_policy_authorization  # noqa: E402
from principalmapper.querying.query_interface import local_check_authorization_full  # noqa: E402

NO_POLICY = {"Version": "2012-10-17", "Statement": []}
# every account of an organization has it beside the policies that deny
FULL_ACCESS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


def is_allowed(policies, question):
    action, resource, context, owner = (question[name] for name in ("action", "resource", "context", "resourceOwner"))
    resource_policy = policies[question["resourcePolicy"]] if "resourcePolicy" in question else None

    principal = question["principal"]
    if not principal.startswith("arn:"):
        result = resource_policy_authorization(principal, owner, resource_policy or NO_POLICY, action, resource, context)
        return result is ResourcePolicyEvalResult.SERVICE_MATCH

    if resource_policy is None and principal.split(":")[4] != owner:
        # without one, PMapper looks at the policies of the principal only, as if it were of the account
        resource_policy = NO_POLICY
    attached = [Policy(principal, str(i), policies[i]) for i in question["identityPolicies"]]
    boundary = Policy(principal, "boundary", policies[question["boundary"]]) if "boundary" in question else None
    node = Node(principal, "AROAEXAMPLE", attached, None, NO_POLICY, None, 0, False, False, boundary, False, None)
    organization = None
    if "serviceControlPolicy" in question:
        organization = [[Policy("full", "full", FULL_ACCESS), Policy("scp", "scp", policies[question["serviceControlPolicy"]])]]
    return local_check_authorization_full(node, action, resource, context, resource_policy, owner, organization)


for line in sys.stdin:
    batch = json.loads(line)
    print(json.dumps([is_allowed(batch["policies"], question) for question in batch["questions"]]), flush=True)
