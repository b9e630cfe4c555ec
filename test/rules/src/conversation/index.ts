export const conversation = 1;
