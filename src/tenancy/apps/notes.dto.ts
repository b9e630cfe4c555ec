import { IsObject, Matches } from 'class-validator';
import { noteNames, type NoteSettings } from '../../configuration/index.js';
import { Holds, MayBeAbsent } from '../../platform/http/index.js';
import { areLanguages, LANGUAGE, languagesSay } from './languages.js';

/** What the platform says by itself; `languages` are replaced whole. */
export class NotesDto {
  @MayBeAbsent() @Matches(LANGUAGE) defaultLanguage?: string;
  @MayBeAbsent()
  @IsObject()
  @Holds<NotesDto>('areLanguages', ({ languages }) => areLanguages(languages, noteNames), languagesSay(noteNames))
  languages?: NoteSettings['languages'];
}
