import type { ServiceDefinition } from '@grpc/grpc-js'
import type { IConversionOptions, Method, Root, Type } from 'protobufjs'

/**
 * A service as gRPC wants it, of definitions that protobuf.js has read; `options` say what its messages
 * become. A message is made ready when it first comes: of large definitions few ever do.
 */
export function serviceDefinition(
  definitions: Root,
  name: string,
  options: IConversionOptions,
): ServiceDefinition {
  const { methodsArray } = definitions.lookupService(name)
  return Object.fromEntries(
    methodsArray.map((method) => [method.name, methodDefinition(name, method, options)]),
  )
}

function methodDefinition(
  service: string,
  method: Method,
  options: IConversionOptions,
): ServiceDefinition[string] {
  const { name, requestStream = false, responseStream = false } = method
  method.resolve()
  const { resolvedRequestType, resolvedResponseType } = method
  if (!resolvedRequestType || !resolvedResponseType) throw new Error(`${name} has no messages`)
  const request = codec(resolvedRequestType, options)
  const response = codec(resolvedResponseType, options)
  return {
    path: `/${service}/${name}`,
    requestStream,
    responseStream,
    requestSerialize: request.serialize,
    requestDeserialize: request.deserialize,
    responseSerialize: response.serialize,
    responseDeserialize: response.deserialize,
  }
}

function codec(type: Type, options: IConversionOptions) {
  return {
    serialize: (message: object) => Buffer.from(type.encode(type.fromObject(message)).finish()),
    deserialize: (bytes: Buffer): object => type.toObject(type.decode(bytes), options),
  }
}
