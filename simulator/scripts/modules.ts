/** The users' modules, loaded by whoever starts the account, and the functions in them that the account calls. */
import { AppError } from '../../kernel/error.ts'

/** What a module exports. */
export type UserModule = Readonly<Record<string, unknown>>
/** By the file as the profile names it. */
export type UserModules = ReadonlyMap<string, UserModule>

/** What the account calls in a script, and in a RESTlet. */
export const SCRIPT_FUNCTIONS = ['beforeSubmit', 'afterSubmit', 'locks', 'mapReduce'] as const
export const RESTLET_FUNCTIONS = ['get', 'post', 'put', 'delete'] as const

type UserFunction = (...given: never[]) => unknown

/**
 * The functions of a module among `names`.
 *
 * @throws AppError `E_SCRIPT_INVALID` when there are none, or something else has such a name
 */
export function functionsOf<Name extends string>(
  modules: UserModules,
  file: string,
  names: readonly Name[],
): Partial<Record<Name, UserFunction>> {
  const module = modules.get(file)
  const refuse = (message: string, mend: string): never => {
    throw new AppError('E_SCRIPT_INVALID', message, {
      file,
      expected: `a module that exports at least one of ${names.join(', ')}`,
      mend,
    })
  }
  if (module === undefined)
    return refuse('the module was not loaded', 'start the account by its profile file')
  const found: Partial<Record<Name, UserFunction>> = {}
  for (const name of names) {
    const exported = module[name]
    if (exported === undefined) continue
    if (typeof exported !== 'function') return refuse(`${name} is no function`, `export a function ${name}`)
    if (exported.constructor.name !== 'Function')
      return refuse(`${name} is no plain function`, 'make it synchronous: neither async nor a generator')
    found[name] = exported as UserFunction
  }
  if (Object.keys(found).length === 0) {
    const there = Object.keys(module).sort().join(', ') || 'nothing'
    return refuse(`exports nothing that is called here (it exports ${there})`, 'export the functions by name')
  }
  return found
}
