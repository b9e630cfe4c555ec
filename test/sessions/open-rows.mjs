/** Rows that no test proves yet, or whose test watches no guard yet. What is proved must not stand here. */
const ids = `
L-1 L-2 L-3 L-4 L-5
M-1 M-2 M-3 M-4 M-5 M-6 M-7 M-8 M-9 M-10 M-11 M-12 M-13 M-14 M-15 M-16 M-17
I-1 I-2 I-3 I-4 I-5 I-6 I-7 I-8 I-9 I-10 I-11 I-12
E-1 E-2 E-5 E-6 E-7 E-8 E-9 E-10 E-11 E-12 E-13 E-16 E-17 E-18 E-19 E-20
A-1 A-2 A-4 A-5 A-6 A-7 A-8
T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T10b T11 T12 T13 T14 T15 T16 T17 T18 T19 T20 T21 T22 T23 T24 T25 T26 T27 T28
T29 T30 T31 T32 T33 T34 T35 T36 T37
K-1 K-2 K-3 K-4 K-5 K-6 K-7 K-8 K-9 K-10 K-11 K-12
X-1 X-2 X-3 X-4 X-5 X-6 X-7 X-8 X-9 X-10 X-11 X-12
`;

export const open = ids.match(/\S+/g) ?? [];
