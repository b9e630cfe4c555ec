import { Fifo } from './fifo.js';
import type { Ticket, Waiting } from './lane.js';

/** The turns of one round: by rank, then first come first served. A lane's older tickets are void and skipped. */
export class Round<M extends Waiting> {
  private readonly ranks: (Fifo<Ticket<M>> | undefined)[] = [undefined, undefined, undefined, undefined];

  push(ticket: Ticket<M>): void {
    (this.ranks[ticket.rank] ??= new Fifo()).push(ticket);
  }

  first(): Ticket<M> | undefined {
    for (const tickets of this.ranks) {
      if (tickets === undefined) continue;
      for (let ticket = tickets.first(); ticket !== undefined; ticket = tickets.first()) {
        if (ticket.lane.ticket === ticket) return ticket;
        tickets.shift();
      }
    }
    return undefined;
  }
}
