import { CommandError, runCommand, UsageError } from '../../command/command.ts'
import { booksFaults } from './books-faults.ts'
import { edgeFaults } from './edge-faults.ts'
import { ingestFaults } from './ingest-faults.ts'
import { loadingFaults } from './loading-faults.ts'
import { modelFaults } from './model-faults.ts'
import { readPlanted, withFault } from './plant.ts'
import type { PlantedFault } from './planted-fault.ts'
import { copyProject } from './project-copy.ts'
import { runTests } from './run-tests.ts'

/** A change with which nothing runs proves nothing: it would not be released. */
const verdicts = { failed: 'killed  ', passed: 'SURVIVED', broken: 'BROKEN  ' }

const faults = [...ingestFaults, ...edgeFaults, ...loadingFaults, ...modelFaults, ...booksFaults]

process.exitCode = await runCommand({
  name: 'npm run planted-faults',
  summary:
    'Plants single faults that would lose or double events, one at a time, in a copy of the project: the tests must fail for each.',
  options: {
    only: { type: 'string', value: 'NAME', multiple: true, help: 'only faults of this name' },
    list: { type: 'boolean', help: 'name all faults, run nothing' },
  },
  async run({ only, list }) {
    const chosen = only ? only.map(faultNamed) : faults
    if (list) return printAll(chosen)
    const { folder, remove } = await copyProject()
    try {
      return await plantEach(chosen, folder)
    } finally {
      await remove()
    }
  },
})

function faultNamed(name: string): PlantedFault {
  const fault = faults.find((one) => one.name === name)
  if (fault) return fault
  throw new UsageError(`there is no fault '${name}': --list names all ${faults.length}`)
}

function printAll(chosen: PlantedFault[]): void {
  for (const { name, breaks } of chosen) print(`${name.padEnd(34)}${breaks}`)
}

async function plantEach(chosen: PlantedFault[], folder: string): Promise<number> {
  for (const fault of chosen) await readPlanted(folder, fault)
  await runSound(chosen, folder)

  const survivors: PlantedFault[] = []
  const started = performance.now()
  for (const fault of chosen) {
    const { verdict, first } = await withFault(folder, fault, () => runTests(folder, fault.tests))
    if (verdict !== 'failed') survivors.push(fault)
    print(`${verdicts[verdict]}  ${fault.name.padEnd(34)}${first ?? ''}`)
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  print(`\n${chosen.length - survivors.length}/${chosen.length} killed in ${seconds} s`)
  for (const { name, file, breaks } of survivors) print(`survived: ${name} in ${file}. ${breaks}`)
  return survivors.length > 0 ? 1 : 0
}

/** A test that fails without a fault would seem to notice every one. */
async function runSound(chosen: PlantedFault[], folder: string): Promise<void> {
  const tests = [...new Set(chosen.flatMap((fault) => fault.tests))]
  print(`without a fault: ${tests.join(' ')}`)
  const { verdict, output } = await runTests(folder, tests)
  if (verdict !== 'passed') throw new CommandError(`the tests fail without any fault:\n${output}`)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
