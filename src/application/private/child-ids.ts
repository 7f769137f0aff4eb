import { IConstruct } from 'constructs';
import { Problems, shown } from '../../private/checks';

/** The ids of what an application makes in itself, if it needs it. They are part of the logical ids, and never change. */
const OWN_IDS = ['Resource', 'SecurityGroup', 'Image', 'DriverImage', 'ExecutorImage'];

/** The ids by which aws-cdk-lib finds the resource of a construct, its default child. */
const IDS_OF_THE_DEFAULT_CHILD = ['Resource', 'Default'];

/** Checks that a child does not take the id of something that the application has made, which the user has never seen. */
export function childIdProblems(application: IConstruct, id: string): Problems {
  return IDS_OF_THE_DEFAULT_CHILD.includes(id) || (OWN_IDS.includes(id) && application.node.tryFindChild(id))
    ? [`\`id\` must not be an id that the application uses itself, choose another one, got: ${shown(id)}`]
    : [];
}
