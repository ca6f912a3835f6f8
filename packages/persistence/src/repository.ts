import type { EntityManager, EntitySchema, FilterQuery } from '@mikro-orm/core';
import { LockMode } from '@mikro-orm/core';
import type { ListOptions, Repository, Where } from '@qej/usecases';
import { DomainError } from '@qej/kernel';

type Row = Record<string, unknown>;

/** `undefined` members of a condition would widen it silently: refused. */
function condition<R>(where: Where<R>): FilterQuery<Row> {
  const entries = Object.entries(where).map(([member, value]) => {
    if (value === undefined) throw new TypeError(`undefined condition on ${member}`);
    return [member, Array.isArray(value) ? { $in: value } : value];
  });
  return Object.fromEntries(entries) as FilterQuery<Row>;
}

/** One table as the use cases see it. Rows are managed by `em`: assigned members are written at commit. */
export function makeRepository<R extends object>(em: EntityManager, entity: EntitySchema<Row>): Repository<R> {
  const typed = (row: Row | null): R | undefined => (row === null ? undefined : (row as R));
  const missing = (): DomainError => new DomainError('E_NOT_FOUND', { detail: entity.meta.className });
  const list = async (where: Where<R>, options: ListOptions<R> = {}): Promise<R[]> => {
    const orderBy: { readonly [K in keyof R]?: 'asc' | 'desc' } = options.orderBy ?? {};
    const conditions: FilterQuery<Row>[] = [condition(where)];
    if (options.after !== undefined) {
      const { member, value } = options.after;
      const direction = orderBy[member] === 'desc' ? '$lt' : '$gt';
      conditions.push({ [member]: { [direction]: value } } as FilterQuery<Row>);
    }
    const rows = await em.find(entity, { $and: conditions } as FilterQuery<Row>, {
      orderBy: orderBy as Record<string, 'asc' | 'desc'>,
      ...(options.limit === undefined ? {} : { limit: options.limit }),
    });
    return rows as R[];
  };
  return {
    find: async (where) => typed(await em.findOne(entity, condition(where))),
    get: async (where) => {
      const row = typed(await em.findOne(entity, condition(where)));
      if (row === undefined) throw missing();
      return row;
    },
    lock: async (where) => {
      const row = typed(
        await em.findOne(entity, condition(where), {
          lockMode: LockMode.PESSIMISTIC_WRITE,
          refresh: true,
        }),
      );
      if (row === undefined) throw missing();
      return row;
    },
    list,
    insert: async (row) => {
      const managed = em.create(entity, row as Row, { partial: true });
      em.persist(managed);
      await em.flush();
      return managed as R;
    },
    remove: async (where) => {
      await em.flush();
      await em.nativeDelete(entity, condition(where));
    },
  };
}
