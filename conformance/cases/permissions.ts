/**
 * What a second role gets that may view customers and no more: neither create them nor use SuiteAnalytics Workbook. A
 * missing permission has two forms on the wire. [AUT-046]
 */
import type { ConformanceCase, Need } from '../case.ts'
import { aCustomer, CUSTOMER } from './given.ts'

const needs: Need[] = ['restricted-role']
const needsWrites: Need[] = ['restricted-role', 'writes']
const sign = 'restricted-role'
const SENTENCE =
  'Your current role does not have permission to perform this action. Please contact your account administrator.'

export const permissionCases: readonly ConformanceCase[] = [
  {
    id: 'permissions.record-is-read',
    title: 'a role without SuiteAnalytics Workbook reads a record by id',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'AUT-046', says: 'without the permission, GET and PATCH by id still give 200 and 204' },
    needs: needsWrites,
    given: [aCustomer],
    steps: [
      {
        send: { GET: `${CUSTOMER}/{customer}`, sign },
        expect: { status: 200, body: { id: '{customer}' } },
      },
    ],
  },
  {
    id: 'permissions.list-needs-workbook',
    title: 'a list without SuiteAnalytics Workbook answers 400 USER_ERROR, not 403',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-060', says: 'GET /{type}?limit=1 is 400 USER_ERROR without the permission' },
    needs,
    steps: [
      {
        send: { GET: `${CUSTOMER}?limit=1`, sign },
        expect: { status: 400, errorCode: 'USER_ERROR', body: { title: 'Bad Request' } },
      },
    ],
  },
  {
    id: 'permissions.filter-needs-workbook',
    title: 'a filtered list is refused in the same words',
    level: 'must',
    evidence: 'observed',
    source: { ref: 'REC-E23', says: SENTENCE },
    needs,
    steps: [
      {
        send: { GET: `${CUSTOMER}?q=companyName%20IS%20%22x%22`, sign },
        expect: { status: 400, errorCode: 'USER_ERROR', body: { 'o:errorDetails': [{ detail: SENTENCE }] } },
      },
    ],
  },
  {
    id: 'permissions.create-refused',
    title: 'a create that the role may not do answers 403 INSUFFICIENT_PERMISSION and makes nothing',
    level: 'should',
    evidence: 'observed',
    source: { ref: 'AUT-046', says: '403 INSUFFICIENT_PERMISSION, captured for a create through a tool' },
    needs: needsWrites,
    steps: [
      {
        send: { POST: CUSTOMER, body: { companyName: 'Seatrial {unique}', externalId: '{unique}' }, sign },
        expect: { status: 403, errorCode: 'INSUFFICIENT_PERMISSION', body: { title: 'Forbidden' } },
      },
      { send: { GET: `${CUSTOMER}/eid:{unique}` }, expect: { status: 404 } },
    ],
  },
]
