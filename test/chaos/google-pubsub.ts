import { CommandError } from '../../command/command.ts'
import {
  findGoogleEmulator,
  startGoogleEmulator,
} from '../../local/pubsub/conformance/google-emulator.ts'

/** Google's own Pub/Sub emulator: one that runs already, or the one that gcloud has installed. */
export async function openGooglePubSub(): Promise<{ address: string; stop(): Promise<void> }> {
  const running = process.env['PUBSUB_EMULATOR_HOST']
  if (running) return { address: running, async stop() {} }
  const jar = await findGoogleEmulator()
  if (jar) return await startGoogleEmulator(jar)
  throw new CommandError(
    "Google's Pub/Sub emulator is not here: install it (gcloud components install pubsub-emulator, with Java) " +
      'or set PUBSUB_EMULATOR_HOST to one that runs',
  )
}
