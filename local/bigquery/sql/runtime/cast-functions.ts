import { castPieces, castTimeText } from './cast-elements.ts'
import { castParse } from './cast-parse.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

/** Times to and from texts by the FORMAT of a CAST. */
export const castFunctions: Record<string, ScalarFunction> = {
  js_cast_time_text: define(
    ['int64', 'int64', 'text', 'text'],
    'text',
    (micros, offset, format, kind) => castTimeText(micros, offset, castPieces(format, kind)),
  ),
  js_cast_parse: define(['text', 'text', 'text', 'int64'], 'int64', (text, format, kind, now) =>
    castParse(text, castPieces(format, kind), now),
  ),
}
