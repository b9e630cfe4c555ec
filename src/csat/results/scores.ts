import { isSatisfied, scoresOf, type SurveyScale } from '../../conversation/core/index.js';

/** How often one score was given. */
export interface Tally {
  /** The agent, team or queue; `null`: none, or all together. */
  readonly subject: string | null;
  readonly scale: SurveyScale;
  readonly score: number;
  readonly count: number;
}

export interface Score {
  readonly subject: string | null;
  readonly scale: SurveyScale;
  readonly count: number;
  /** To two digits. */
  readonly average: number;
  /** Answers by score, every score of the scale. */
  readonly distribution: Readonly<Record<string, number>>;
  /** 4 and 5 stars, thumbs up, 9 and 10 of NPS; to one digit. */
  readonly percentSatisfied: number;
  /** Percent of promoters (9, 10) less percent of detractors (0 to 6), to one digit; `null` on other scales. */
  readonly netPromoterScore: number | null;
}

/** One score for each subject and scale, in the order of the tallies: scales are never mixed. */
export function scoresFrom(tallies: readonly Tally[]): readonly Score[] {
  const groups = Map.groupBy(tallies, ({ subject, scale }) => JSON.stringify([subject, scale]));
  return [...groups.values()].flatMap((group) => (group[0] ? [scoreOf(group[0], group)] : []));
}

function scoreOf({ subject, scale }: Tally, group: readonly Tally[]): Score {
  const counts = new Map(group.map(({ score, count }) => [score, count]));
  const sum = (of: (score: number) => number): number =>
    group.reduce((total, { score, count }) => total + of(score) * count, 0);
  const count = sum(() => 1);
  const percent = (of: (score: number) => boolean): number => (100 * sum((score) => (of(score) ? 1 : 0))) / count;
  return {
    subject,
    scale,
    count,
    average: rounded(sum((score) => score) / count, 2),
    distribution: Object.fromEntries(scoresOf(scale).map((score) => [String(score), counts.get(score) ?? 0])),
    percentSatisfied: rounded(
      percent((score) => isSatisfied(scale, score)),
      1,
    ),
    netPromoterScore:
      scale === 'nps' ? rounded(percent((score) => score >= 9) - percent((score) => score <= 6), 1) : null,
  };
}

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
