import { analyzerOptions } from './analyzer-options.ts'
import { extraFunctions } from './extra-functions.ts'
import type { LanguageOptions } from './language.ts'
import { typeAliases } from './sql-type.ts'

/** What requests say of the language: the same objects each time, so that they are encoded once. */
export type Dialect = {
  language: LanguageOptions
  /** Of a text that is only parsed. */
  text: object
  /** Of a catalog: the functions and types that all statements know. */
  catalog: object
  /** Of a statement that is resolved. */
  statement: object
}

export function dialectOf(languageOptions: LanguageOptions): Dialect {
  const descriptorPoolList = { definitions: [{ builtin: {} }] }
  return {
    language: languageOptions,
    text: { options: languageOptions },
    catalog: {
      simpleCatalog: {
        builtinFunctionOptions: { languageOptions },
        customFunction: extraFunctions,
        namedType: typeAliases,
      },
      descriptorPoolList,
    },
    statement: { options: analyzerOptions(languageOptions), descriptorPoolList },
  }
}
