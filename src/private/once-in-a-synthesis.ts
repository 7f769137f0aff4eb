import { Stage } from 'aws-cdk-lib/core';
import { Construct, IConstruct } from 'constructs';

/**
 * Caches one result for each stage during a synthesis. The first construct that asks computes the result, and the others reuse it.
 */
export class OnceInASynthesis<T> {
  private readonly stages = new WeakMap<IConstruct, Lookups<T>>();

  constructor(private readonly find: (stage: IConstruct) => T) {}

  /** Registers a construct that will ask. It drops the cached result, because a new construct may change it. */
  public announce(construct: Construct): void {
    this.stages.delete(stageOf(construct));
  }

  /**
   * The result for the stage of the construct. If the same construct asks again, a new synthesis has begun, so the result is computed
   * again.
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
