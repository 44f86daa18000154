import { base, de, en, en_GB, en_US, Faker, fr, ja } from '@faker-js/faker'
import type { LocaleDefinition } from '@faker-js/faker'
import type { Address, Platform } from './event.ts'
import type { Random } from './random.ts'

export type Customer = { id: string; address: Address; devices: [Device, ...Device[]] }

/** What a visit is made with; `offset` is the distance of its clock from UTC in minutes. */
export type Device = { platform: Platform; userAgent: string; ip: string; offset: number }

export type Customers = {
  /** Somebody who comes to the shop: an old customer mostly, sometimes a new one. */
  visitor(): Customer
}

type Country = { name: string; visits: number; locale: LocaleDefinition; offset: number }

const countries: [Country, ...Country[]] = [
  { name: 'United States', visits: 5, locale: en_US, offset: -300 },
  { name: 'United Kingdom', visits: 2, locale: en_GB, offset: 0 },
  { name: 'Germany', visits: 2, locale: de, offset: 60 },
  { name: 'France', visits: 1, locale: fr, offset: 60 },
  { name: 'Japan', visits: 1, locale: ja, offset: 540 },
]

const userAgents: Record<Platform, [string, ...string[]]> = {
  web: [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/# Safari/537.36',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/# Safari/605.1.15',
    'Mozilla/5.0 (X11; Linux x86_64; rv:#) Gecko/20100101 Firefox/#',
  ],
  mobile: ['ShopApp/# (iPhone; iOS 18)', 'ShopApp/# (Android 15; Pixel 9)'],
  tablet: ['ShopApp/# (iPad; iPadOS 18)', 'ShopApp/# (Android 14; SM-X910)'],
}

const shareOfNewCustomers = 0.2

/** Customers appear one by one, so a short run knows few of them and a long one many. */
export function createCustomers(random: Random, seed: number): Customers {
  const crowd = countries.flatMap((country) =>
    Array.from({ length: country.visits }, () => country),
  )
  const names = new Map(
    countries.map(({ name, locale }) => [name, new Faker({ locale: [locale, en, base], seed })]),
  )
  const known: Customer[] = []

  function welcome(): Customer {
    const country = crowd[random.integer(0, crowd.length - 1)] ?? countries[0]
    const customer = createCustomer(random, country, names.get(country.name))
    known.push(customer)
    return customer
  }

  return {
    visitor() {
      if (known.length === 0 || random.chance(shareOfNewCustomers)) return welcome()
      return known[random.integer(0, known.length - 1)] ?? welcome()
    },
  }
}

function createCustomer(
  random: Random,
  country: Country,
  names = new Faker({ locale: en }),
): Customer {
  const platforms: Platform[] = random.chance(0.4) ? ['web', 'mobile'] : [random.pick(platformMix)]
  const [first = 'web', ...others] = platforms
  const device = (platform: Platform) => createDevice(random, platform, country)
  return {
    id: random.uuid(),
    address: {
      street: names.location.streetAddress(),
      city: names.location.city(),
      country: country.name,
    },
    devices: [device(first), ...others.map(device)],
  }
}

const platformMix: [Platform, ...Platform[]] = ['web', 'web', 'mobile', 'mobile', 'tablet']

function createDevice(random: Random, platform: Platform, { offset }: Country): Device {
  const version = `${random.integer(110, 140)}.0`
  return {
    platform,
    userAgent: random.pick(userAgents[platform]).replaceAll('#', version),
    ip: [random.integer(11, 99), ...[1, 2, 3].map(() => random.integer(1, 254))].join('.'),
    // Browsers send UTC; the apps send the clock of their owner.
    offset: platform === 'web' ? 0 : offset,
  }
}
