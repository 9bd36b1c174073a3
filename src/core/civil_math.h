/* civil_math - the Gregorian calendar as arithmetic, for core's own use.
 *
 * Day numbers count from 1970-01-01. Years are shifted to begin in March, so that the leap day
 * is the last of its year and needs no special case. */
#ifndef KEYRACK_CORE_CIVIL_MATH_H
#define KEYRACK_CORE_CIVIL_MATH_H

#include <stdint.h>

static inline int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

/* b is positive. */
static inline int64_t floor_mod(int64_t a, int64_t b)
{
	return a % b + (a % b < 0 ? b : 0);
}

/* month may be anything, it is carried over into the year; day is counted on from the first. */
static inline int64_t day_number(int64_t year, int64_t month, int64_t day)
{
	year += floor_div(month - 1, 12);
	month = floor_mod(month - 1, 12) + 1;
	if (month <= 2)
		year--;

	int64_t era = floor_div(year, 400);
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * 146097 + day_of_era - 719468 + (day - 1);
}

static inline void day_split(int64_t number, int *year, int *month, int *day)
{
	int64_t n = number + 719468;
	int64_t era = floor_div(n, 146097);
	int64_t doe = n - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

static inline int month_days(int64_t year, int month)
{
	return (int)(day_number(year, month + 1, 1) - day_number(year, month, 1));
}

#endif
