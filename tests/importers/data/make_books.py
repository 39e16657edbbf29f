#!/usr/bin/python3
"""Writes book_excel8.xls (python3-xlwt) beside this file, and book.xlsx (python3-openpyxl) into the folder given; of that
`soffice --headless --convert-to xls` made book_libreoffice.xls. Run by hand when the samples have to change."""
import datetime
import os
import sys

import openpyxl
import xlwt

here = os.path.dirname(os.path.abspath(__file__))
date_style = xlwt.easyxf(num_format_str='yyyy"年"m"月"d"日"')
time_style = xlwt.easyxf(num_format_str="h:mm")
code_style = xlwt.easyxf(num_format_str="000000")
book = xlwt.Workbook(encoding="utf-8")
sheet = book.add_sheet("节假日表")
sheet.write_merge(0, 0, 0, 2, "2024 年节假日")
for column, title in enumerate(["日期", "节日", "是否放假"]):
    sheet.write(1, column, title)
sheet.write(2, 0, datetime.date(2024, 5, 1), date_style)
sheet.write(2, 1, "劳动节")
sheet.write(2, 2, True)
sheet.write(4, 0, 45421.604166666664, time_style)
sheet.write(4, 1, 331081001202)
sheet.write(4, 2, 12.34)
sheet.write(5, 0, 331, code_style)
sheet.write(5, 1, "𠮷 Latin é")
sheet.write(5, 2, 1e300)
sheet.row(5).hidden = True
other = book.add_sheet("长")
other.visibility = 1
for row in range(90):
    # Long shared strings: they continue in further records at every place that a string has.
    other.write(row, 0, "文字%d" % row + "很长的文字" * (row % 50))
    other.write(row, 1, "latin %d-" % row + "x" * (row * 3 % 200))
book.save(os.path.join(here, "book_excel8.xls"))

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "台账"
sheet.append(["日期", "时间", "名称", "比例", "数"])
sheet.append([datetime.date(2024, 4, 29), datetime.time(14, 30), "示例一村文化礼堂", 0.98, "=1+1"])
sheet.append([None, None, "示例二村", None, '="公"&"式"'])
sheet["A2"].number_format = "yyyy/m/d"
sheet["B2"].number_format = "h:mm"
sheet["D2"].number_format = "0%"
sheet["E4"] = "=1/0"
sheet["A4"] = datetime.datetime(2024, 5, 2, 9, 0)
sheet.merge_cells("C3:D3")
book.save(os.path.join(sys.argv[1] if len(sys.argv) > 1 else here, "book.xlsx"))
