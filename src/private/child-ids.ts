import { IConstruct } from 'constructs';
import { Problems, shown } from './checks';

/** The ids by which aws-cdk-lib finds the resource of a construct, its default child. */
const IDS_OF_THE_DEFAULT_CHILD = ['Resource', 'Default'];

/** Checks that a child does not take the id of something that the construct has made in itself, which the user has never seen. */
export function childIdProblems(construct: IConstruct, what: string, ownIds: readonly string[], id: string): Problems {
  return IDS_OF_THE_DEFAULT_CHILD.includes(id) || (ownIds.includes(id) && construct.node.tryFindChild(id))
    ? [`\`id\` must not be an id that the ${what} uses itself, got: ${shown(id)}`]
    : [];
}
