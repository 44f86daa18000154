import { expect, test } from 'vitest'
import { createRememberedAnswers } from './remembered-answers.ts'

const constant = {}

function question(text: string) {
  return { method: 'Parse', constant, varying: Buffer.from(text) }
}

function askable(answer: string | Error) {
  const asked = { times: 0 }
  const ask = async (): Promise<Buffer> => {
    asked.times++
    if (answer instanceof Error) throw answer
    return Buffer.from(answer)
  }
  return { asked, ask }
}

test('a question is asked once, and answered the same again', async () => {
  const answers = createRememberedAnswers()
  const { asked, ask } = askable('an answer')

  expect(String(await answers.of(question('select 1'), ask))).toBe('an answer')
  expect(String(await answers.of(question('select 1'), ask))).toBe('an answer')
  expect(asked.times).toBe(1)
})

test('another method, text or constant part is another question', async () => {
  const answers = createRememberedAnswers()
  const { asked, ask } = askable('an answer')
  await answers.of(question('select 1'), ask)
  await answers.of({ ...question('select 1'), method: 'Analyze' }, ask)
  await answers.of(question('select 2'), ask)
  await answers.of({ ...question('select 1'), constant: {} }, ask)

  expect(asked.times).toBe(4)
})

test('a failure is asked again', async () => {
  const answers = createRememberedAnswers()
  const failing = askable(new Error('the service is gone'))
  await expect(answers.of(question('select'), failing.ask)).rejects.toThrow('the service is gone')

  expect(String(await answers.of(question('select'), askable('an answer').ask))).toBe('an answer')
})

test('what was asked longest ago is forgotten when much has been asked since', async () => {
  const answers = createRememberedAnswers()
  const { asked, ask } = askable('x'.repeat(2 ** 20))
  for (let i = 0; i < 20; i++) {
    await answers.of(question('often'), ask)
    await answers.of(question(`once ${i}`), ask)
  }
  expect(asked.times).toBe(21)

  await answers.of(question('once 19'), ask)
  expect(asked.times).toBe(21)
  await answers.of(question('once 0'), ask)
  expect(asked.times).toBe(22)
})
