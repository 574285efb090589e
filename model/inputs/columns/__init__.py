"""What may each table contain? (the classes are the manual)"""
