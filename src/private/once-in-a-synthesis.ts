import { Stage } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';

/**
 * Something about a stage that several constructs of the stage look up in a synthesis. It is found for the first of them and kept for the
 * others.
 */
export class OnceInASynthesis<T> {
  private readonly stages = new WeakMap<IConstruct, Lookups<T>>();

  constructor(private readonly find: (stage: IConstruct) => T) {}

  /** Says that the construct will look it up. A construct that is new to the stage may change what is found. */
  public announce(construct: Construct): void {
    this.stages.delete(stageOf(construct));
  }

  /**
   * A construct asks once in a synthesis. If it asks again, there is a new synthesis, and the app may have changed what is found.
   */
  public resultFor(construct: Construct): T {
    const stage = stageOf(construct);
    let lookups = this.stages.get(stage);
    if (!lookups || lookups.askedBy.has(construct)) {
      lookups = { found: this.find(stage), askedBy: new Set() };
      this.stages.set(stage, lookups);
    }
    lookups.askedBy.add(construct);
    return lookups.found;
  }
}

interface Lookups<T> {
  readonly found: T;
  readonly askedBy: Set<Construct>;
}

function stageOf(construct: Construct): IConstruct {
  return Stage.of(construct) ?? construct.node.root;
}
