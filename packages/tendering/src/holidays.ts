/**
 * Days off and make-up working days (调休) by the yearly notice of the State Council's General Office. A year without its notice
 * falls back to weekends; {@link isCalendarPublished} tells, so that a screen can say "provisional".
 */
export interface HolidayYear {
  readonly source: string;
  readonly daysOff: readonly string[];
  readonly workingWeekends: readonly string[];
}

function run(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

export const holidayCalendar: Readonly<Record<string, HolidayYear>> = {
  '2026': {
    source: '国务院办公厅关于2026年部分节假日安排的通知',
    daysOff: [
      ...run('2026-01-01', '2026-01-03'),
      ...run('2026-02-15', '2026-02-23'),
      ...run('2026-04-04', '2026-04-06'),
      ...run('2026-05-01', '2026-05-05'),
      ...run('2026-06-19', '2026-06-21'),
      ...run('2026-09-25', '2026-09-27'),
      ...run('2026-10-01', '2026-10-07'),
    ],
    workingWeekends: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
};

/** @param date `YYYY-MM-DD` on the wall of the tender's zone. */
export function isWorkingDay(date: string): boolean {
  const year = holidayCalendar[date.slice(0, 4)];
  if (year?.daysOff.includes(date) === true) return false;
  if (year?.workingWeekends.includes(date) === true) return true;
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

export const isCalendarPublished = (date: string): boolean => holidayCalendar[date.slice(0, 4)] !== undefined;
