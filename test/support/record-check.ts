import type { Client } from 'pg';

interface EventRow {
  readonly conversation_id: string;
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- events as they are stored, whatever their type
  readonly data: any;
}

/** What the record says of one conversation while it is read. */
interface Place {
  holder: string | null;
  owner: string | null;
  /** Who handed over by its own hand, while nobody else has spoken or moved control since. */
  parting: string | null;
  offeredByHolder: boolean;
}

/** Words of the business in the record, by whether it was the speaker's turn. */
export interface Words {
  readonly inTurn: number;
  /** Of whoever had just handed over by its own hand. */
  readonly parting: number;
  readonly outOfTurn: readonly object[];
}

/**
 * Reads every event in `seq` order, without any code of the product, and asks of each word of an integration or an agent
 * whether control was theirs at that place.
 */
export async function wordsInRecord(sql: Client): Promise<Words> {
  const { rows } = await sql.query<EventRow>(
    `SELECT conversation_id, type, data FROM event ORDER BY conversation_id, seq`,
  );
  const places = new Map<string, Place>();
  const outOfTurn: object[] = [];
  let [inTurn, parting] = [0, 0];
  for (const { conversation_id: id, type, data } of rows) {
    const place = places.get(id) ?? { holder: null, owner: null, parting: null, offeredByHolder: false };
    places.set(id, place);
    if (type !== 'messageSent') moved(place, type, data);
    else if (isTheirs(place, data)) inTurn += 1;
    else if (data.parting && place.parting === data.sender) parting += 1;
    else outOfTurn.push({ conversation: id, ...data });
    if (type === 'messageSent' && !data.parting) place.parting = null;
  }
  return { inTurn, parting, outOfTurn };
}

function isTheirs({ holder, owner }: Place, { by, sender, agentId }: EventRow['data']): boolean {
  if (by.type === 'agent') return owner === agentId && holder === sender;
  return by.type !== 'integration' || (sender !== null && sender === holder);
}

function moved(place: Place, type: string, data: EventRow['data']): void {
  switch (type) {
    case 'controlOffered':
      place.offeredByHolder = data.by.type === 'system' ? place.offeredByHolder : data.byHolder;
      return;
    case 'controlPassed':
    case 'controlAccepted': {
      const byOwnHand = type === 'controlAccepted' ? place.offeredByHolder : data.by.type === 'integration';
      place.parting = byOwnHand && data.partingUntil !== null ? place.holder : null;
      place.holder = data.to;
      return;
    }
    case 'controlAssigned':
      place.parting = null;
      place.holder = data.to;
      return;
    case 'controlReleased':
    case 'conversationRemoved':
      place.parting = null;
      place.holder = null;
      return;
    case 'holderRemoved':
      place.parting = data.active === null ? place.parting : null;
      place.holder = data.active === null ? place.holder : null;
      return;
    case 'agentJoined':
    case 'agentLeft':
      if (data.role !== 'agent') return;
      place.parting = null;
      place.owner = type === 'agentJoined' ? data.agentId : null;
      return;
    default:
      return;
  }
}
