/** How many can do something at the same time; the others wait for their turn. */
export class Slots {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  /** Fulfilled with the function that frees the slot again, or with `undefined` if it was given up before there was one. */
  public async take(givenUp: AbortSignal): Promise<(() => void) | undefined> {
    if (givenUp.aborted) { return undefined; }
    if (this.free === 0) {
      const got = await new Promise<boolean>((resolve) => {
        const turn = () => resolve(true);
        this.waiting.push(turn);
        givenUp.addEventListener('abort', () => {
          const place = this.waiting.indexOf(turn);
          if (place >= 0) { this.waiting.splice(place, 1); resolve(false); }
        }, { once: true });
      });
      if (!got) { return undefined; }
    } else {
      this.free--;
    }
    return () => {
      const next = this.waiting.shift();
      if (next) { next(); } else { this.free++; }
    };
  }
}
