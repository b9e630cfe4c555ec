import type { CsatScale } from '../../configuration/index.js';

/** What a survey says, all of it, in one language. */
export interface Words {
  /** Of the language they are in, such as `de` or `pt-BR`. */
  readonly locale: string;
  readonly question: string;
  readonly comment: string;
  readonly submit: string;
  readonly thanks: string;
  readonly answered: string;
  readonly closed: string;
  /** When somebody sends the page without choosing. */
  readonly choose: string;
  /** Of the lowest and the highest score, for those who cannot see what a number means. */
  readonly lowest: string;
  readonly highest: string;
  readonly thumbs: readonly [down: string, up: string];
}

/** What the house says where an app gave no words of its own. */
export const houseWords: Readonly<Record<string, Words>> = {
  en: {
    locale: 'en',
    question: 'How satisfied are you with our help?',
    comment: 'Would you like to tell us more? (optional)',
    submit: 'Send',
    thanks: 'Thank you for your feedback.',
    answered: 'We have your answer already. Thank you.',
    closed: 'This survey is closed.',
    choose: 'Please choose a rating.',
    lowest: 'not at all satisfied',
    highest: 'very satisfied',
    thumbs: ['Not satisfied', 'Satisfied'],
  },
  de: {
    locale: 'de',
    question: 'Wie zufrieden sind Sie mit unserer Hilfe?',
    comment: 'Möchten Sie uns mehr dazu sagen? (freiwillig)',
    submit: 'Senden',
    thanks: 'Vielen Dank für Ihre Rückmeldung.',
    answered: 'Ihre Antwort liegt uns bereits vor. Vielen Dank.',
    closed: 'Diese Umfrage ist geschlossen.',
    choose: 'Bitte wählen Sie eine Bewertung.',
    lowest: 'gar nicht zufrieden',
    highest: 'sehr zufrieden',
    thumbs: ['Nicht zufrieden', 'Zufrieden'],
  },
  fr: {
    locale: 'fr',
    question: 'Êtes-vous satisfait de notre aide ?',
    comment: 'Souhaitez-vous nous en dire plus ? (facultatif)',
    submit: 'Envoyer',
    thanks: 'Merci pour votre avis.',
    answered: 'Nous avons déjà votre réponse. Merci.',
    closed: 'Cette enquête est close.',
    choose: 'Veuillez choisir une note.',
    lowest: 'pas du tout satisfait',
    highest: 'très satisfait',
    thumbs: ['Pas satisfait', 'Satisfait'],
  },
  es: {
    locale: 'es',
    question: '¿Está satisfecho con nuestra ayuda?',
    comment: '¿Desea contarnos algo más? (opcional)',
    submit: 'Enviar',
    thanks: 'Gracias por su opinión.',
    answered: 'Ya tenemos su respuesta. Gracias.',
    closed: 'Esta encuesta está cerrada.',
    choose: 'Elija una valoración.',
    lowest: 'nada satisfecho',
    highest: 'muy satisfecho',
    thumbs: ['No satisfecho', 'Satisfecho'],
  },
  pt: {
    locale: 'pt',
    question: 'Está satisfeito com a nossa ajuda?',
    comment: 'Gostaria de nos dizer mais? (opcional)',
    submit: 'Enviar',
    thanks: 'Obrigado pela sua opinião.',
    answered: 'Já temos a sua resposta. Obrigado.',
    closed: 'Este inquérito está encerrado.',
    choose: 'Escolha uma classificação.',
    lowest: 'nada satisfeito',
    highest: 'muito satisfeito',
    thumbs: ['Não satisfeito', 'Satisfeito'],
  },
};

/** A score as it is offered; people see stars or a number, and everybody hears what it means. */
export function labelOf(scale: CsatScale, score: number, { thumbs, lowest, highest }: Words): string {
  switch (scale) {
    case 'thumbs':
      return score === 0 ? `👎 ${thumbs[0]}` : `👍 ${thumbs[1]}`;
    case 'stars5':
      return `${'★'.repeat(score)}${'☆'.repeat(5 - score)} ${score}/5${meaning(score, 1, 5)}`;
    case 'nps':
      return `${score}${meaning(score, 0, 10)}`;
  }

  function meaning(one: number, low: number, high: number): string {
    if (one === low) return ` (${lowest})`;
    return one === high ? ` (${highest})` : '';
  }
}
