const COLOURS = [
  'Amber',
  'Azure',
  'Bronze',
  'Coral',
  'Crimson',
  'Golden',
  'Indigo',
  'Ivory',
  'Jade',
  'Lilac',
  'Olive',
  'Pearl',
  'Ruby',
  'Silver',
  'Teal',
  'Violet',
] as const;

const ANIMALS = [
  'Badger',
  'Bear',
  'Beaver',
  'Bison',
  'Cat',
  'Crane',
  'Deer',
  'Dolphin',
  'Eagle',
  'Falcon',
  'Ferret',
  'Finch',
  'Fox',
  'Gecko',
  'Hare',
  'Heron',
  'Horse',
  'Ibex',
  'Jay',
  'Koala',
  'Lark',
  'Lynx',
  'Marten',
  'Moose',
  'Otter',
  'Owl',
  'Panda',
  'Raven',
  'Robin',
  'Seal',
  'Swan',
  'Wren',
] as const;

/** What a user without a name is called: always the same, by the random part of their id. */
export function animalName(userId: string): string {
  const chance = Number.parseInt(userId.slice(-6), 16);
  return `${COLOURS[chance % COLOURS.length]} ${ANIMALS[Math.floor(chance / COLOURS.length) % ANIMALS.length]}`;
}
