import {
  DefaultTokenResolver, IPostProcessor, IResolvable, IResolveContext, Reference, StringConcat, Tokenization,
} from 'aws-cdk-lib/core';
import { IConstruct } from 'constructs';

/** The constructs that the tokens of a value refer to. */
export function referencedBy(scope: IConstruct, value: unknown): IConstruct[] {
  const resolver = new ReferenceCollector();
  try {
    // no stack knows yet what it imports from another one
    Tokenization.resolve(value, { scope, resolver, preparing: true });
  } catch {
    // aws-cdk-lib resolves the value at synthesis, and reports the error then
  }
  return [...resolver.targets];
}

class ReferenceCollector extends DefaultTokenResolver {
  public readonly targets = new Set<IConstruct>();

  constructor() {
    super(new StringConcat());
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: IPostProcessor): any {
    if (Reference.isReference(token)) { this.targets.add(token.target); }
    return super.resolveToken(token, context, postProcessor);
  }
}
