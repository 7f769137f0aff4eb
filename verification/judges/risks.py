"""Lists what cloudsplaining finds in policies: JSON in, with a policy for each name, and JSON out, with a list of findings for each name."""

import json
import sys

from cloudsplaining.command.scan_policy_file import scan_policy

# writing something is what most actions do; what may be written is for the engines to judge
RISKS = ("PrivilegeEscalation", "ResourceExposure", "DataExfiltration", "CredentialsExposure", "ServiceWildcard")


def findings(policy, kinds, **flags):
    results = scan_policy(policy, **flags)
    return [(kind, found["type"] if isinstance(found, dict) else found) for kind in kinds for found in results[kind]["findings"]]


def risks(policy):
    # whatever the resource and the condition
    anyhow = findings(policy, RISKS, flag_conditional_statements=True, flag_resource_arn_statements=True)
    on_everything = findings(policy, (*RISKS, "InfrastructureModification"))
    return sorted({f"{kind} {what}" for kind, what in anyhow} | {f"{kind} {what} on every resource" for kind, what in on_everything})


print(json.dumps({name: risks(policy) for name, policy in json.load(sys.stdin).items()}))
