/** Makes a value of JSON's; of a number it is told the text, which says more than JavaScript's value. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown

/** JSON.parse, whose types do not know of the text yet. */
export const parseExactly = JSON.parse as (text: string, reviver: Reviver) => unknown
